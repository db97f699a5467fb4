"""What is made with a dataset's files: published stories for everybody, charts and drafts for the people inside."""

from stories.story import Chart


def test_a_published_story_is_named_with_the_columns_it_reads(house):
    live = house.stories.live_of(house.examples[0]) or house.stories.live_of(house.examples[1])
    story = house.stories.revision(live.story, live.revision).document
    charts = [block.spec for block in story.blocks if isinstance(block, Chart)]
    resource = charts[0].resource
    uses = house.stories.uses([resource], inside=False)
    assert {use.kind for use in uses} == {"story"}
    use = next(use for use in uses if use.href == f"/stories/{live.slug}/")
    assert (use.title, use.resources) == (live.card.title, (resource,))
    read = {
        channel.field
        for spec in charts
        if spec.resource == resource
        for channel in spec.channels().values()
        if channel.field
    }
    assert read
    assert read <= {*use.fields}
    assert house.stories.uses(["nothing", ""], inside=True) == []


def test_charts_and_drafts_are_named_only_to_those_inside(house):
    ana = house.accounts.by_email("ana@example.org")
    live = house.stories.live_of(house.examples[0]) or house.stories.live_of(house.examples[1])
    story = house.stories.revision(live.story, live.revision).document
    spec = next(block.spec for block in story.blocks if isinstance(block, Chart))
    chart = house.stories.charts.save(ana, spec, "Mi gráfica")
    draft = house.stories.add_chart(ana, None, chart.id, "es")
    outside = house.stories.uses([spec.resource], inside=False)
    inside = house.stories.uses([spec.resource], inside=True)
    assert [use for use in inside if use.kind == "story"] == outside
    assert ("Mi gráfica", f"/charts/{chart.id}") in [(u.title, u.href) for u in inside if u.kind == "chart"]
    assert [use for use in inside if use.kind == "draft" and draft.id in use.href]
