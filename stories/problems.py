"""The sentences of every problem a story can have."""

from web.i18n import N_, sentences

sentences(
    story_unknown=N_(
        "There is no story at this address. It may have been withdrawn, or the address is wrong."
    ),
    story_forbidden=N_(
        "This story belongs to somebody else. Ask its author or a curator to make the change."
    ),
    story_conflict=N_(
        "Somebody else saved this story while it was open here, so nothing was overwritten. "
        "Open the newest version, or keep this text as a copy."
    ),
    story_review_forbidden=N_("Only a curator can approve or return a story."),
    story_publish_forbidden=N_("Here a curator approves each story first. Send it for approval instead."),
    story_not_submitted=N_("This story is not waiting for approval: somebody may have decided already."),
    story_not_published=N_("This story is not published, so there is nothing to withdraw."),
    story_address_taken=N_("Too many stories share the address “{where}”. Change the title and try again."),
    story_not_ready=N_("The story cannot be published yet. Missing: {n}. The list beside it names each."),
    story_note_missing=N_("Write what should change, so that the author knows why the story comes back."),
    story_correction_missing=N_("Write what was put right, as its readers will see it."),
    story_not_copied=N_(
        "The story could not be copied to {where}. Here everything is as it should be; "
        "“python -m stories rebake” copies again what is missing."
    ),
    story_link_broken=N_("The link {address} leads nowhere. Correct it or take it out."),
    story_day_unreadable=N_("{where} is not a day. Choose one from the calendar."),
    collection_unknown=N_("There is no collection at this address."),
    collection_unnamed=N_("Write the title of the collection."),
    story_not_saved=N_(
        "Not saved: the disk may be full. The text stays here and is tried again every few seconds."
    ),
    story_not_kept=N_(
        "The published page could not be written (is the disk full?). Readers see what they saw."
    ),
    story_chart_unknown=N_(
        "There is no chart with this address. Save the chart in the builder and try again."
    ),
    story_title_missing=N_("The story has no title. Write one that says what the reader will learn."),
    story_empty=N_("The story has nothing to read yet. Add a text or a chart."),
    story_chart_broken=N_("A chart cannot be drawn: {why}"),
    story_lead_missing=N_("There is no lead: one or two sentences under the title that say why it matters."),
    story_byline_missing=N_("Nobody signs the story. Write who answers for it."),
    story_no_chart=N_("The story has no chart."),
    story_block_empty=N_("A block is empty. Write in it or delete it; readers will not see it."),
    story_quote_nobody=N_("A quote does not say whose words it is. Write who said it."),
    story_heading_empty=N_("A heading is empty. Write it or delete it; readers will not see it."),
    story_heading_alone=N_("Nothing follows the heading “{text}”."),
    story_source_missing=N_("The chart “{title}” does not say who published its data."),
    story_licence_missing=N_("The data of the chart “{title}” state no licence."),
    story_alt_missing=N_("The chart “{title}” has no description for those who cannot see it."),
    story_chart_caution=N_("The chart “{title}”: {why}"),
    story_chart_newer=N_(
        "The chart “{title}” was changed in the builder since. Use the newer one, or leave it."
    ),
    story_data_newer=N_(
        "There are newer data for the chart “{title}”. Use them and read the text again, or leave it."
    ),
    story_mark_unreadable=N_("{mark} cannot be read. Write, for example, {example}."),
    story_mark_no_chart=N_("{mark} has no chart to answer it. Put it near a chart that groups and counts."),
    story_mark_no_group=N_(
        "{mark}: the chart “{title}” has no group “{group}”. Write the name as the chart does."
    ),
    story_mark_not_addable=N_(
        "{mark}: the numbers of this chart cannot be added up. Ask for a value instead."
    ),
    story_mark_tied=N_("{mark}: {n} groups share that number. Name one of them."),
    story_mark_zero=N_("{mark}: “{group}” is zero, and nothing can be divided by it."),
    story_claim_false=N_("{mark} is not true: {left} against {right}. Change the sentence."),
    story_embed_refused=N_(
        "Pages of {host} cannot be shown here. Allowed: {hosts}. Link to it in a text instead."
    ),
    story_embed_unnamed=N_(
        "A video or page has no title. Write what it shows, for those who do not load it."
    ),
    story_step_silent=N_("A step says nothing. Write what to see in this view, or delete it."),
    story_image_undescribed=N_(
        "A picture has no description. Write what it shows, for those who cannot see it."
    ),
    story_image_lost=N_("A picture is not here any more. Upload it again or delete it."),
    image_large=N_("Pictures may have up to {megabytes} MB. Make it smaller and try again."),
    image_large_pixels=N_(
        "Pictures may have up to {megapixels} million pixels. Make it smaller and try again."
    ),
    image_unreadable=N_("This file is no picture that can be read. Use JPEG, PNG, WebP or GIF."),
    story_nothing_to_draw=N_("No chart suits this file. Choose another one."),
    story_mark_changed=N_("{mark} was {before} and is {after} with the newer data."),
    story_mark_ends=N_(
        "With the newer data, {mark} is no longer true or cannot be answered. It was: {before}."
    ),
    story_marks_hold=N_("With the newer data, {n} more numbers and claims of the text stay the same."),
    image_needed_first=N_("Choose a picture first."),
    image_unknown=N_("There is no such picture."),
)
