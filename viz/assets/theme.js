// Read before Solara's own script, which asks for call stacks a few times while it loads. Chromium answers by
// parsing that script again, each time for a tenth of a second: no stacks until the first chart is drawn.
Error.stackTraceLimit = 0;
vuetifyThemes = {light: {dark: false, colors: {}}, dark: {dark: true, colors: {}}};
