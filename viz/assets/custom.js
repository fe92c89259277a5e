// What the page will need is read while the server prepares it; `parts/board.vue` asks for the charts' library by the same name.
addEventListener("DOMContentLoaded", () => requirejs([
    `${solara.cdn}/echarts@5.4.0/dist/echarts.min.js`, "jupyter-vue", "jupyter-vuetify",
]));
