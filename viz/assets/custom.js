// The charts' library is read while the server prepares the page; `parts/board.vue` asks for it by the same name.
addEventListener("DOMContentLoaded", () => requirejs([`${solara.cdn}/echarts@5.4.0/dist/echarts.min.js`]));
