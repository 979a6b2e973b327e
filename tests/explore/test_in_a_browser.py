"""The page as people use it, in a real browser: by mouse, by keyboard, on a phone, in print."""

from __future__ import annotations

import re

import pytest

from analysis.codes import lineage
from tests.support.browser import DESK, PHONE, opened, violations

pytestmark = pytest.mark.xdist_group("browser")
ROWS = "#codings-table .tabulator-row"


def path_of(workspace):
    return workspace.output / "supplement.html"


def settled(page):
    """Wait until the search has been made and the tables stand."""
    page.wait_for_timeout(250)
    page.locator(".tabulator-row, .tabulator-placeholder").first.wait_for()


def found(page):
    """Return the number of codings that the page says it found."""
    return int(re.match(r"[\d,]+", page.locator("#found").inner_text())[0].replace(",", ""))


def under(workspace, label, level):
    """Return the codings of a category with all below it, counted by other means."""
    codes, codings = workspace.read("codes"), workspace.read("codings")
    top = codes[(codes["label"] == label) & (codes["level"] == level)]["code_id"].iloc[0]
    above = lineage(codes)
    inside = above.loc[above["ancestor_id"] == top, "code_id"]
    return codings[codings["code_id"].astype("str").isin(inside)]


def test_a_group_is_filtered_and_everything_is_counted_anew(shipped, browser):
    people = shipped.read("participants")
    patients = people.loc[people["group"] == "Patients", "case_id"]
    codings = shipped.read("codings")
    expected = codings[codings["case_id"].isin(patients)]
    with opened(browser, path_of(shipped)) as watched:
        page = watched.page
        settled(page)
        assert found(page) == len(codings)
        page.get_by_label("Group", exact=True).select_option("Patients")
        settled(page)
        assert found(page) == len(expected)
        assert f"from {len(patients)} participants" in page.locator("#found").inner_text()
        law = under(shipped, "Law reform", 1)
        n = page.get_by_role("treeitem", name="Law reform").locator(".n").first.inner_text()
        assert n.split()[0] == str(len(law[law["case_id"].isin(patients)]))
        page.get_by_role("button", name="Show all").click()
        settled(page)
        assert found(page) == len(codings)
        assert watched.complaints == []
        assert watched.left() == []


def test_a_search_finds_words_of_codes_and_of_quotations(shipped, browser):
    codes = shipped.read("codes")
    quotations = shipped.read("quotations")
    codings = shipped.read("codings")
    word = "embroidery"
    by_quotation = quotations.loc[quotations["text"].str.contains(word), "coding_id"]
    hit = codes.loc[codes["label"].str.contains(word, case=False), "code_id"]
    above = lineage(codes)
    inside = above.loc[above["ancestor_id"].isin(hit), "code_id"]
    ids = set(codings.loc[codings["code_id"].astype("str").isin(inside), "coding_id"])
    expected = ids | set(by_quotation)
    assert by_quotation.size
    with opened(browser, path_of(shipped)) as watched:
        page = watched.page
        page.get_by_role("searchbox").fill("  EMBROIDÉRY ")
        settled(page)
        assert found(page) == len(expected)
        assert page.locator(ROWS).filter(has_text=word).count() == by_quotation.size
        page.get_by_role("searchbox").fill("no such words at all")
        settled(page)
        assert found(page) == 0
        assert "Nothing is found" in page.locator("#codings-table").inner_text()
        assert violations(page) == []


def test_a_code_opens_its_codings_with_their_rows(shipped, browser):
    expected = under(shipped, "Care continuity", 3)
    with opened(browser, path_of(shipped)) as watched:
        page = watched.page
        page.get_by_role("button", name="Unfold all").click()
        page.get_by_role("treeitem", name="Care continuity").click()
        settled(page)
        shown = page.locator("#chosen").inner_text()
        assert f"{len(expected)} codings from {expected['case_id'].nunique()} participants" in shown
        assert f"of {len(expected)} codings" in page.locator("#codings-count").inner_text()
        page.locator("#codings-table").get_by_role("button", name="Row").click()
        settled(page)
        cells = page.locator(ROWS).first.get_by_role("gridcell").all_inner_texts()
        assert str(expected["source_row"].min()) in cells
        head = page.get_by_role("columnheader", name="Row").first
        assert head.get_attribute("aria-sort") == "ascending"


def test_quotations_are_shown_with_their_codings_and_say_what_they_are(shipped, browser):
    with opened(browser, path_of(shipped)) as watched:
        page = watched.page
        page.get_by_label("with a quotation").check()
        settled(page)
        assert found(page) == len(shipped.read("quotations"))
        assert page.locator("#codings-table q").count() == min(25, found(page))
        assert page.locator("#codings-table .said").first.inner_text().endswith("(synthetic)")


def test_all_can_be_reached_and_chosen_by_keyboard(shipped, browser):
    with opened(browser, path_of(shipped)) as watched:
        page = watched.page
        settled(page)
        press = page.keyboard.press
        press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "To the code system"
        press("Enter")
        for _ in range(3):  # the two buttons, then the tree as one stop
            press("Tab")
        assert page.evaluate("document.activeElement.id") == "code-0"
        press("ArrowRight")
        assert page.locator("#code-0").get_attribute("aria-expanded") == "true"
        press("ArrowDown")
        assert page.evaluate("document.activeElement.getAttribute('aria-level')") == "2"
        press("Enter")
        assert page.locator("[aria-selected=true]").count() == 1
        assert "Service integration and development" in page.locator("#chosen h3").inner_text()
        press("ArrowLeft")
        press("ArrowLeft")
        assert page.locator("#code-0").get_attribute("aria-expanded") == "false"
        press("End")
        last = page.evaluate("document.activeElement.textContent")
        assert last.strip().startswith("Information systems")
        press("f")  # the first letter of a name
        assert page.evaluate("document.activeElement.textContent").strip().startswith("Financing")
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline == "solid"
        sort = page.locator("#codes-table").get_by_role("button", name="Codings")
        sort.focus()
        press("Enter")
        press("Enter")
        settled(page)
        first = page.locator("#codes-table .tabulator-row").first.inner_text()
        assert "519" in first


def test_a_link_to_a_code_opens_it(shipped, browser):
    with opened(browser, path_of(shipped), part="#code-34") as watched:
        settled(watched.page)
        assert watched.page.locator("#chosen h3").inner_text() == "Law reform"


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nobody_is_kept_out_and_nothing_is_cut_off(shipped, browser, size, scheme):
    with opened(browser, path_of(shipped), size, scheme) as watched:
        page = watched.page
        settled(page)
        for code in (0, 1, 2):
            page.locator(f"#code-{code} .twist").click()
        page.locator("#code-4").click()
        settled(page)
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") == size[0]
        assert watched.complaints == []
        assert watched.left() == []


def test_the_theme_is_that_of_the_system_until_it_is_chosen(shipped, browser):
    ground = "getComputedStyle(document.body).backgroundColor"
    with opened(browser, path_of(shipped), scheme="dark") as watched:
        page = watched.page
        settled(page)
        dark = page.evaluate(ground)
        page.get_by_role("button", name="Theme").click()
        assert page.evaluate(ground) == "rgb(255, 255, 255)"
        page.reload()
        assert page.evaluate(ground) == "rgb(255, 255, 255)"
        assert page.locator("#theme").inner_text() == "Theme: light"
        page.get_by_role("button", name="Theme").click()
        assert page.evaluate(ground) == dark != "rgb(255, 255, 255)"


def test_in_print_there_is_what_was_found_and_no_control(shipped, browser):
    with opened(browser, path_of(shipped), scheme="dark") as watched:
        page = watched.page
        settled(page)
        page.emulate_media(media="print")
        assert page.locator("#found").is_visible()
        assert page.locator(ROWS).first.is_visible()
        for name in ("#search", "#theme", "#unfold", "nav a"):
            assert not page.locator(name).first.is_visible()
        assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
        assert page.pdf().startswith(b"%PDF")


def test_on_paper_there_are_all_rows_that_were_found(shipped, browser):
    with opened(browser, path_of(shipped)) as watched:
        page = watched.page
        page.get_by_label("Group", exact=True).select_option("Patients")
        settled(page)
        expected = found(page)
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert page.locator("#codings table.paper tbody tr").count() == expected > 25
        page.emulate_media(media="print")
        assert page.locator("#codings table.paper").is_visible()
        assert not page.locator("#codings-table").is_visible()
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        assert page.locator(".paper").count() == 0
        assert watched.complaints == []


def test_numbers_lead_to_their_rows_until_something_is_filtered(shipped, browser):
    with opened(browser, path_of(shipped)) as watched:
        page = watched.page
        settled(page)
        assert page.locator("#found a").first.get_attribute("href") == "trace.html#codings"
        page.evaluate("location.hash = '#code-34'")
        settled(page)
        links = page.locator("#chosen p a")
        told = [links.nth(at).get_attribute("href") for at in range(2)]
        assert told == ["trace.html#codings?code=35", "trace.html#cases?code=35"]
        # a group's row shows that group alone, and then numbers are of what was found
        page.locator("#chosen").get_by_role("button", name="Patients").press("Enter")
        settled(page)
        assert page.get_by_label("Group", exact=True).input_value() == "0"
        assert page.locator("a.trace").count() == 0
        assert watched.complaints == []


def test_a_page_in_persian_can_be_used_by_keyboard(typed, browser):
    rows = [("۱", "مراقبت > خانواده", "او گفت."), ("۲", "هزینه", "گران است.")]
    workspace = typed(rows, language="fa")
    for scheme, size in (("light", DESK), ("dark", PHONE)):
        with opened(browser, path_of(workspace), size, scheme) as watched:
            page = watched.page
            settled(page)
            page.locator("#code-0").press("ArrowRight")
            page.keyboard.press("ArrowDown")
            page.keyboard.press("Enter")
            settled(page)
            assert page.locator("#chosen h3").inner_text() == "خانواده"
            assert page.evaluate("getComputedStyle(document.body).direction") == "rtl"
            assert page.evaluate("document.documentElement.scrollWidth") == size[0]
            assert violations(page) == []
            assert watched.complaints == []


def test_what_runs_from_right_to_left_does_and_is_found_however_it_is_typed(typed, browser):
    rows = [
        ("گفتگوی ۱", "برچسب‌خوردن در محله", "همه می‌گفتند دیوانه است."),
        ("گفتگوی ۲", "Trust", "She listened."),
    ]
    with opened(browser, path_of(typed(rows))) as watched:
        page = watched.page
        settled(page)
        label = page.get_by_role("treeitem", name="برچسب").locator("bdi")
        assert label.get_attribute("lang") == "fa"
        assert label.evaluate("one => getComputedStyle(one).direction") == "rtl"
        said = page.locator("#codings-table q bdi").first
        assert said.evaluate("one => getComputedStyle(one).direction") == "rtl"
        assert page.locator("h1").evaluate("one => getComputedStyle(one).direction") == "rtl"
        page.get_by_role("searchbox").fill("ديوانه")  # with the Arabic letter
        settled(page)
        assert found(page) == 1
        assert violations(page) == []


def test_hostile_texts_stay_texts(typed, browser):
    bad = "</script><img src=x onerror=\"document.title='taken'\"><b>&lt;</b>"
    workspace = typed([("Talk <i>1</i>", bad, bad), ("Talk 2", "{{< env X >}}", "<!--")])
    with opened(browser, path_of(workspace)) as watched:
        page = watched.page
        settled(page)
        page.get_by_role("treeitem").first.click()
        settled(page)
        assert "taken" not in page.title()
        assert page.locator("#tree img, #codings img, #chosen b").count() == 0
        assert bad in page.locator("#chosen h3").inner_text()
        assert watched.complaints == []
        assert watched.left() == []


def test_without_groups_people_levels_or_quotations_it_is_whole(typed, browser):
    rows = [("Talk 1", "Trust", ""), ("Talk 2", "Cost", "")]
    with opened(browser, path_of(typed(rows, '[explore]\nquotations = "none"\n'))) as watched:
        page = watched.page
        settled(page)
        assert found(page) == 2
        assert page.locator("select[data-facet]").count() == 0
        assert not page.get_by_label("with a quotation").count()
        assert violations(page) == []
        assert watched.complaints == []


def test_without_scripts_the_code_system_can_be_read(shipped, browser):
    context = browser.new_context(java_script_enabled=False)
    try:
        page = context.new_page()
        page.goto(path_of(shipped).as_uri())
        assert page.locator("#code-3").is_visible()
        assert "need JavaScript" in page.locator("noscript").inner_text()
    finally:
        context.close()
