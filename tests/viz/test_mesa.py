"""Mesa's own page shows our economy too."""

import solara
from mesa.visualization import SolaraViz, make_plot_component
from solara.widgets import GridLayout

from model import Economy


def test_solara_viz_draws_an_economy():
    economy = Economy(consumers=60, months=6, economy__sectors="bank", rng=1)
    economy.step()
    drawn = SolaraViz(economy, components=[make_plot_component("adopter_share")], name="prosuming")
    _, rendered = solara.render(drawn, handle_error=False)
    pictures = rendered.find(GridLayout).widget.items
    assert [bytes(picture.value[:4]) for picture in pictures] == [b"\x89PNG"]
    rendered.close()
