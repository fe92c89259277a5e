"""What can never happen to a driver, whatever a survey says."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from experiments.curves import access_curve, growth_curve, pooled_falls, smooth_monotone

shares = st.floats(0.0, 1.0, allow_subnormal=False)
series = st.dictionaries(st.integers(1990, 2023), shares, min_size=4, max_size=20).map(
    lambda found: (np.array(sorted(found)), np.array([found[year] for year in sorted(found)]))
)
wages = st.dictionaries(st.integers(1980, 2019), st.floats(0.5, 500.0), min_size=4, max_size=20).map(
    lambda found: (np.array(sorted(found)), np.array([found[year] for year in sorted(found)]))
)
MONTHS = 1970.0 + (np.arange(80 * 12) + 0.5) / 12.0


@given(series)
def test_access_never_falls_and_never_leaves_its_bounds(found):
    share = access_curve(*found)(MONTHS)
    assert np.isfinite(share).all()
    assert (np.diff(share) >= -1e-12).all()
    assert share.min() >= 0.0
    assert share.max() <= 0.995


@given(series)
def test_a_smooth_curve_never_overshoots_its_figures(found):
    height = smooth_monotone(*found)(MONTHS)
    assert (np.diff(height) >= -1e-12).all()
    assert height.min() >= found[1].min()
    assert height.max() <= found[1].max()


@given(series)
def test_a_series_without_falls_is_met_exactly(found):
    years, values = found
    rising = np.maximum.accumulate(values)
    np.testing.assert_allclose(smooth_monotone(years, rising)(years + 0.5), rising, rtol=0, atol=1e-12)


@given(series)
def test_pooling_moves_no_figure_beyond_the_figures_it_conflicts_with(found):
    _, values = found
    pooled = pooled_falls(values)
    highest_before = np.maximum.accumulate(values)
    lowest_after = np.minimum.accumulate(values[::-1])[::-1]
    assert (pooled <= highest_before + 1e-12).all()
    assert (pooled >= lowest_after - 1e-12).all()


@given(series)
def test_access_is_continuous_where_the_figures_begin_and_end(found):
    years, values = found
    curve = access_curve(years, values)
    for seam in (years[0] + 0.5, years[-1] + 0.5):
        before, after = curve(np.array([seam - 1e-7, seam + 1e-7]))
        assert abs(after - before) < 1e-3


@given(wages)
def test_a_wage_stays_positive_and_meets_its_figures(found):
    years, levels = found
    curve = growth_curve(years, levels)
    assert (curve(MONTHS) > 0.0).all()
    np.testing.assert_allclose(curve(years + 0.5), levels, rtol=1e-9)
