vuetifyThemes = {light: {dark: false, colors: {}}, dark: {dark: true, colors: {}}};
