# The interface in English. The three files hold the same messages in the same order.

## The program and its screens

context-library = Library
context-across = Across speeches
context-counts = Counts
context-beside = Side by side
context-tags = Tags
context-card = Annotation
context-query = Library search
context-reader = Text
context-outline = Outline
context-picker = Picker
context-editor = Note
context-help = Help
context-steps = First steps
context-settings = Settings
context-annotations = Annotations
context-review = Review
context-prompt = Prompt
topic-motion = Moving
topic-outline = Outline and folding
topic-mend = Mending the outline
topic-select = Selecting and copying
topic-annotate = Tags and notes
topic-card = One annotation
topic-review = Review, history, agreement
topic-search = Searching
search-mode-folded = folded
search-mode-pinyin = folded + pinyin
search-mode-literal = exact
search-mode-regex = regex
topic-library = Library
topic-across = Across speeches
topic-counts = Counts
topic-tags = Manage tags
topic-beside = Side by side
beside-hint = Tab other side · = together, separately · n N next, previous · Enter opens · Esc
beside-speeches-hint = n N changes · ] [ sections · s list of sections · Tab other side · = together · Enter opens · Esc
beside-going-together = together
beside-going-alone = separately
counts-hint = Tab grouping · v view · t transpose · s sort · Enter reads · X saves CSV · Esc
counts-empty = Nothing is tagged yet
tags-hint = Enter reads · r rename · m merge · M move · D delete · a add · c colour · t key · d definition · n memo · u undo · / filter · Esc
tags-count = { $count ->
    [one] 1 tag
   *[other] { $count } tags
}
tags-empty = No tags yet; a adds one
tags-none-fit = No tag matches “{ $filter }”
tags-used = { $count ->
    [one] 1 annotation
   *[other] { $count } annotations
} in { $speeches ->
    [one] 1 speech
   *[other] { $speeches } speeches
}
tags-used-below = with those below { $count } in { $speeches }
tags-definition = Definition
tags-definition-placeholder = When to use this tag
tags-memo = Memo
tags-memo-placeholder = Thoughts about this tag
tags-key = Key
tags-colour = Colour
tags-sign = Sign
tags-keywords = Keywords
tags-merged = Merged into it
tags-former = Former names
tags-top-level = the top level
filter-lifted-by = Filter “{ $filter }” · Esc lifts it
filter-lifted-by-key = Filter “{ $filter }” · F8 lifts it
prompt-merge-tag = Merge { $name } into
prompt-move-tag = Move { $name } below
prompt-restore-tag = Bring back a deleted tag
confirm-merge = { $below ->
    [0] Merge { $name } into { $other }?
   *[other] Merge { $name } into { $other }? Tags below that go along: { $below }
}
confirm-merge-act = Merge: { $count ->
    [one] 1 annotation
   *[other] { $count } annotations
} in { $speeches ->
    [one] 1 speech
   *[other] { $speeches } speeches
} → { $name }
confirm-move = { $below ->
    [0] Move { $name } to { $other }?
   *[other] Move { $name } to { $other }? Tags below that go along: { $below }
}
confirm-move-act = Move: the tag stays on { $count ->
    [one] 1 annotation
   *[other] { $count } annotations
} in { $speeches ->
    [one] 1 speech
   *[other] { $speeches } speeches
}
confirm-delete = { $below ->
    [0] Delete { $name }?
   *[other] Delete { $name }? Tags below that move up: { $below }
}
confirm-delete-act = Delete: the tag is taken from { $count ->
    [one] 1 annotation
   *[other] { $count } annotations
} in { $speeches ->
    [one] 1 speech
   *[other] { $speeches } speeches
}
confirm-leave = Leave it as it is
touched-rename = { $name }: { $count ->
    [one] 1 annotation
   *[other] { $count } annotations
} in { $speeches ->
    [one] 1 speech
   *[other] { $speeches } speeches
}, under the new name
touched-add = A new tag at the top level
touched-add-below = A new tag below { $name }
touched-detail = { $name }: { $count ->
    [one] 1 annotation
   *[other] { $count } annotations
} in { $speeches ->
    [one] 1 speech
   *[other] { $speeches } speeches
}, unchanged
touched-key = The key that chooses { $name } after t; another tag that has it loses it
touched-key-now = { $name } is chosen by t { $key }; empty takes the key away
count-by-speech = Tags by speech
count-by-year = Tags by year
count-by-level = Tags by section level
count-by-together = Tags that occur together
count-form-heat = heat map
count-form-table = table
count-form-bars = bars
across-suggestions-empty = Nothing to suggest
across-suggestions-hint = a accepts · x refuses · Enter shows the section · n N next, previous · Esc leaves
across-suggestions = Suggested tags
across-shared-empty = No passages in common
across-shared-hint = older | newer · Enter opens the left, o the right · n N next, previous · Esc leaves
across-shared = Shared passages
across-tagged-empty = Nothing has this tag
across-tagged-hint = Enter opens the source · n N next, previous · s by date, speech, tag · X export · Esc leaves
across-tagged = Tag { $tag }
across-count = { $count } in { $speeches ->
    [one] 1 speech
   *[other] { $speeches } speeches
}
across-search-empty = Type to search · Ctrl-T next search mode · Esc leaves
across-search-hint = words  in:title|heading|note  tag:…  level:1  since:2020  until:2021
across-search = Search all speeches
count-total = total
count-undated = undated
count-outside = outside
count-unplaced = not located
count-level = level { $level }
topic-application = Program
topic-entry = Typing
table-keys = Keys
table-where = Where
table-does = What it does

## Status line

status-mode-read = READ
status-mode-select = SELECT
status-mode-outline = OUTLINE
status-mode-library = LIBRARY
status-mode-across = ACROSS
status-mode-counts = COUNTS
status-mode-beside = SIDE BY SIDE
status-mode-tags = TAGS
status-reading = reading…
status-scanning = reading folders: { $read } of { $count }
status-pending = unsaved { $count }
status-saved = saved
status-replaced = { $count } undecodable
status-missing-parts = { $count } chapters missing
status-selected = { $count } chars selected
status-outline-filter = outline “{ $filter }”
too-small = Window too small: at least { $width }×{ $height } is needed
crashed = The program failed and had to stop. Everything shown as saved is saved. The crash report is { $path }
status-help = F1 help

## Library

library-title = Library { $path }
library-samples = Built-in samples
library-count = { $count ->
    [one] { $count } speech
   *[other] { $count } speeches
}
library-none-fit = Nothing matches “{ $filter }”
library-empty-hint = No speeches here. Add txt, md, docx, html or epub files, or open another folder with pizhu FOLDER.
library-continue = c continues “{ $title }” ({ $percent }%) · r the ten read last
library-head-date = Date
library-head-title = Title
library-head-tags = Tags
library-head-length = Chars
library-head-minutes = Min
library-head-read = Read

## Prompts

prompt-tag = Tags
prompt-palette = Commands
prompt-extent = Tag what
extent-sentences = The sentences with matches: { $count }
extent-sections = The sections with matches: { $count }
extent-hits = The matches alone: { $count }
prompt-recent = Read last
prompt-annotation = Which annotation
prompt-history = Return to which state
prompt-others-work = Only others have added or changed { $count } since: they are left as they are
prompt-copies-shared = Annotations shared with other copies
prompt-copies-apart = Annotations of this copy only
prompt-similar = Annotations of a nearly equal speech
prompt-draft = An unfinished note on this speech
prompt-draft-basket = Unfinished words of a basket
prompt-draft-tag = An unfinished text on a tag
prompt-draft-memo = An unfinished memo
prompt-quit-note = The note is not saved
prompt-quit-unsaved = Edits are not saved
draft-continue = Continue
draft-discard = Discard
draft-later = Keep for later
quit-save = Save it and quit
quit-discard = Discard it and quit
quit-stay = Stay
quit-retry = Try again to save, then quit
quit-unsaved = Quit without them
copies-part = Separate: this copy keeps its own annotations from now on
copies-go-on-sharing = Keep sharing
copies-join = Share again with the others
copies-stay-apart = Stay separate
similar-take = Take its annotations ({ $count }; { $percent }% equal)
similar-copy = Copy its annotations ({ $count }; { $percent }% equal)
similar-refuse = Refuse: this is another speech
similar-later = Decide later
prompt-trust = This store is not yours: how to use it?
trust-read-only = Read only: show its annotations, write nothing
trust-trust = Trust: use it like my own
trust-ignore = Ignore: as if it did not exist
prompt-disagreements = By { $unit }: { $open } open, { $settled } settled
prompt-export = Export as
prompt-bookmark = Bookmarks
picker-create = Create
picker-none = Nothing matches
picker-hint = Enter picks · Tab marks · type to filter · Esc leaves
beside-pick-hint = Enter compares · Tab marks two · type to filter, also by pinyin
note-title = Note
note-placeholder = Write a note here
note-hint = Ctrl-S saves · Ctrl-X external editor · Esc leaves
about-section = section “{ $title }”
about-speech = the speech “{ $title }”
about-passage = “{ $quote }”
about-tag = { $name }
about-places = { $count ->
    [one] 1 place
   *[other] { $count } places
}
prompt-filter = Filter
prompt-help-filter = Find
prompt-bookmark-name = Bookmark
prompt-read-tag = Tag
prompt-tag-rename = New name
prompt-tag-add = Name
prompt-tag-keywords = Keywords
prompt-tag-sign = Sign
prompt-tag-key = Key
prompt-beside = Side by side
prompt-beside-with = Compare “{ $title }” with
prompt-beside-sections = Sections compared
prompt-sections = Sections with these words
prompt-import = Import file
prompt-export-to = Export to
prompt-replace = The file exists: what now?
replace-other-name = Give another name
replace-file = Replace the file
replace-cancel = Cancel the export
export-suffix = annotations
prompt-hint-search = words to find; Enter stays at the match, Esc goes back
prompt-hint-import = a file that pizhu or another program exported: JSON, QDPX, DOCX, CSV …
prompt-hint-command = 42% · p3 page · 120 line · 二/（三） section · title, pinyin · command
prompt-hint-outline = words of a title, or #tag
prompt-hint-library = title, date, tag or file name; Tab completes attr.place: and others
prompt-hint-list = tag, quotation or note
prompt-hint-help = a key or what it does
prompt-hint-tags = a tag's name or keyword, also in pinyin
prompt-hint-tag-key = 1–9 or a–z; empty for none
prompt-hint-tag-keywords = words separated by commas
prompt-hint-tag-sign = one narrow character; empty for that of the colour

## Outline and text

outline-empty = No numbered sections
restored-label = (restored)
folded-count = { $count } chars

## Annotations

annotations-title = Annotations { $count }
notes-title = Notes { $count }
annotations-hint = Enter goes · a edits · t tags · x deletes · n notes · / filters · q closes
choose-hint = Enter picks · type to filter · Esc leaves
card-title = Annotation
card-title-of = Annotation { $number } of { $count } here
card-hint = a note · t tags · x deletes · gr moves · Esc closes
card-hint-several = Tab next · a note · t tags · x deletes · gr moves · Esc closes
card-made = { $author }, { $created }
card-made-and-changed = { $author }, { $created }; changed { $modified }
bookmarks-hint = Enter goes there · Ctrl-X deletes · Esc leaves
anchor-moved = moved
anchor-changed = text changed
anchor-review = needs review
anchor-orphaned = orphaned
review-title = Review { $count }
review-hint = Enter accepts · r attaches by hand · o keeps as orphaned · x deletes · u undoes · Esc closes
review-done = Nothing left to decide
history-start = the beginning (no annotations)
history-leave = Leave them
history-take = Take them back, too
anchor-exact = exact

## Help and first run

help-title = Help
help-hint = j k scroll · / searches · q closes
help-none-fit = No key matches “{ $filter }”
hints-more = F1 shows all
settings-title = Settings
settings-hint = h l change · j k move · Esc closes; saved at once
setting-theme = Theme
setting-language = Language
setting-width = Characters per line
setting-indent = First-line indent
setting-line-spacing = Space between lines
setting-paragraph-spacing = Space between paragraphs
setting-justify = Justified
setting-hanging = Hanging punctuation
setting-kinsoku = Line-break rules (kinsoku)
setting-ambiguous = Width of “ ” — …
setting-outline = Outline width
setting-notes = Notes in the margin
setting-frames = Frames
setting-mouse = Mouse
value-on = on
value-off = off
value-auto = auto
value-strict = strict
value-loose = loose
value-narrow = one cell
value-wide = two cells
steps-title = First steps
steps-hint = Enter closes · F2 shows them again
steps-open = Open: { $open } opens a speech; { $outline } goes to its outline and back
steps-read = Read: { $page } turns pages, { $section } goes to the next section, { $search } finds words
steps-select = Select: { $sentence } takes a sentence, { $more } more; with no selection, the current section
steps-tag = Tag: { $tag } chooses tags, { $again } repeats the last tags, { $note } writes a note
steps-export = Use: { $list } lists all annotations, { $export } exports Markdown, Word, CSV …
steps-help = Help: { $help } lists the keys, { $palette } finds commands, { $quit } goes back
steps-open-brief = Open: { $open }, { $outline } outline
steps-read-brief = Read: { $page }, { $section }, { $search } finds
steps-select-brief = Select: { $sentence }, { $more } for more
steps-tag-brief = Tag: { $tag }, { $again } repeats, { $note } note
steps-export-brief = Use: { $list } lists, { $export } exports
steps-help-brief = Help: { $help } keys, { $quit } back

## Notices: what was done

notice-tagged = Tagged { $tags }
notice-tagged-many = Tagged { $tags } in { $count ->
    [one] 1 place
   *[other] { $count } places
}
notice-noted = Note saved
notice-deleted = Annotation deleted; u undoes
notice-undone = Undone
notice-undone-that = Undone: { $what }
notice-redone-that = Redone: { $what }
notice-what-tagged = tag { $tags } on “{ $quote }”
notice-what-untagged = taking { $tags } off “{ $quote }”
notice-what-noted = note on “{ $quote }”
notice-what-deleted = deleting the annotation of “{ $quote }”
notice-what-moved = moving the annotation to “{ $quote }”
notice-what-several = { $count } changes
notice-tag-added = Tag { $name } added
notice-tag-renamed = { $name } renamed to { $other }: { $count ->
    [one] 1 annotation
   *[other] { $count } annotations
} in { $speeches ->
    [one] 1 speech
   *[other] { $speeches } speeches
}
notice-tag-merged = { $name } merged into { $other }: { $count ->
    [one] 1 annotation
   *[other] { $count } annotations
} in { $speeches ->
    [one] 1 speech
   *[other] { $speeches } speeches
}
notice-tag-moved = { $name } moved below { $other }
notice-tag-moved-top = { $name } moved to the top level
notice-tag-deleted = { $name } deleted: { $count ->
    [one] 1 annotation
   *[other] { $count } annotations
} in { $speeches ->
    [one] 1 speech
   *[other] { $speeches } speeches
}
notice-tag-brought-back = { $name } brought back with its annotations
notice-tag-split = What was merged into { $name } is separate again
notice-tag-coloured = { $name }: colour { $colour }
notice-tag-described = { $name }: saved
notice-tag-keyed = { $name } is chosen by t { $key }
notice-tag-unkeyed = { $name } has no key any more
notice-copied = Copied { $count } characters
notice-copied-tmux-buffer = Copied { $count } characters to a buffer of tmux (prefix ] pastes it) and, if it lets tmux, the terminal's clipboard
notice-copied-tmux = Sent { $count } characters to tmux; whether they reach the clipboard, its option set-clipboard decides
notice-copied-to-file = { $count } characters are more than many terminals take; they are also in { $path }
notice-copied-too-long = { $count } characters are more than many terminals take; the clipboard may hold only a part
notice-column-width = { $chars } characters per line
notice-mark-set = Mark { $mark } set
notice-bookmark-set = Bookmark “{ $name }” set
notice-bookmark-dropped = Bookmark “{ $name }” deleted
notice-reloaded = The file changed on disk and was reloaded
notice-place-gone = The file changed: the passage to be tagged is gone
notice-note-homeless = The file changed and the passage is gone: the note will be attached at the cursor
notice-heading-taken = Mended heading picked up: select its new words and press gr; Esc cancels
notice-annotation-taken = Annotation picked up: select its new position and press gr again; Esc cancels
notice-notes-only = Only the { $count } with notes
notice-all-annotations = All { $count ->
    [one] 1 annotation
   *[other] { $count } annotations
}
notice-boilerplate-shown = Page numbers, footers and the like shown
notice-boilerplate-hidden = Page numbers, footers and the like hidden
notice-whereabouts = { $path } line { $line } of { $lines }, char { $offset } of { $length }
notice-theme = Theme { $name }
notice-mouse-off = The terminal has the mouse
notice-exported = Exported { $count ->
    [one] 1 annotation
   *[other] { $count } annotations
} to { $path }
notice-mouse-on = The mouse clicks, selects and scrolls here
notice-language = Language { $name }

## Notices: why nothing happened

notice-no-more = No more in this direction
notice-at-start = At the start
notice-at-end = At the end
notice-beside-two = Name two, separated by |
notice-beside-together = Both scroll together
notice-beside-alone = Each side scrolls separately
notice-no-change-after = No change after this one
notice-no-change-before = No change before this one
notice-beside-no-sections = Tags are not compared by section
notice-refused = No longer suggested here: { $tags }
notice-counts-most-first = Largest first
notice-counts-in-order = In the original order
notice-at-top-level = At the top level
notice-already-there = Already there
notice-no-file-named = Type a file name
notice-no-bookmarks = No bookmarks yet; gb sets one
notice-no-name = Type a name for the bookmark
notice-no-tag-name = Type the name of a tag
notice-tag-exists = There is a tag { $name } already; m merges two
notice-tag-gone = There is no tag { $name } any more
notice-tag-too-deep = { $name } would lie too deep
notice-tag-cycle = { $parent } lies below { $name }
notice-tag-nothing-merged = Nothing was merged into { $name }
notice-tag-bad-key = “{ $key }” cannot be a tag's key: 1–9 or a–z
notice-tags-in-use = Annotations have { $tags }
notice-no-deleted-tags = No tag was deleted
notice-no-tags-below = No tags below it
notice-only-annotation-here = The only annotation here
notice-no-notes = No notes yet; a writes one
notice-no-editor = No external editor: set the variable EDITOR
notice-export-exists = { $path } already exists; choose what to do
notice-export-onto-speech = { $path } is the speech itself; choose another name
notice-export-onto-store = { $path } is a file of the annotation store; choose another name
notice-export-onto-folder = { $path } is a folder; give the name of a file
notice-no-next-section = No next section
notice-no-previous-section = No previous section
notice-no-next-point = No next point
notice-no-previous-point = No previous point
notice-no-parent-section = No parent section
notice-no-next-annotation = No next annotation
notice-no-previous-annotation = No previous annotation
notice-mended = { $change ->
    [promote] One level up: “{ $title }”
    [demote] One level down: “{ $title }”
    [no-heading] No heading: “{ $title }”
    [heading] Heading of level { $level }: “{ $title }”
   *[title] Title: “{ $title }”
}
notice-unmended = { $change ->
    [promote] Taken back: One level up: “{ $title }”
    [demote] Taken back: One level down: “{ $title }”
    [no-heading] Taken back: No heading: “{ $title }”
    [heading] Taken back: Heading of level { $level }: “{ $title }”
   *[title] Taken back: Title: “{ $title }”
}
notice-undone-outline = { $change ->
    [promote] Undone: One level up: “{ $title }”
    [demote] Undone: One level down: “{ $title }”
    [no-heading] Undone: No heading: “{ $title }”
    [heading] Undone: Heading of level { $level }: “{ $title }”
   *[title] Undone: Title: “{ $title }”
}
notice-redone-outline = { $change ->
    [promote] Done again: One level up: “{ $title }”
    [demote] Done again: One level down: “{ $title }”
    [no-heading] Done again: No heading: “{ $title }”
    [heading] Done again: Heading of level { $level }: “{ $title }”
   *[title] Done again: Title: “{ $title }”
}
notice-mended-already = It is so already
notice-outline-lost = { $count ->
    [one] { $count } mended heading has lost its place: R shows it
   *[other] { $count } mended headings have lost their places: R shows them
}
notice-cannot-move = The section cannot be moved further
notice-no-heading-here = There is no heading here
notice-no-untagged-section = No untagged section in this direction
notice-no-children = No subsections
notice-no-sections = This text has no numbered sections
notice-nothing-to-fold = Nothing to fold
notice-nothing-to-unfold = Nothing to unfold
notice-no-jump-back = No earlier position
notice-no-jump-forward = No later position
notice-no-mark = No mark { $mark }
notice-no-find-yet = Find a character with f first
notice-char-not-found = No “{ $char }” in this direction
notice-percent-wants-count = Type a number first, as in 42%
notice-no-search-yet = Search with / first
notice-nothing-to-export = Nothing to export here
notice-no-such-format = { $path }: unknown file format (.md .docx .csv .json …)
notice-no-other-order = There is no other order
notice-not-found = “{ $query }” not found
notice-editor-failed = The editor failed: { $reason }
notice-editor-taken = The editor ended badly ({ $reason }); what it had written was taken
notice-editor-undecodable = Parts of what the editor wrote cannot be decoded; the file stays at { $path }
notice-editor-forked = Nothing changed yet; what the editor saves is taken: { $path }
notice-editor-read = Taken from the editor
notice-editor-late = What the editor saved last is not in the note; it stays at { $path }
notice-draft-not-kept = The note being typed cannot be kept on the disk: { $reason }
notice-draft-kept = The unfinished note is kept, and offered when its speech is opened again
notice-draft-discarded = Unfinished note discarded
notice-search-wrapped = End reached, continued from the start
notice-search-wrapped-back = Start reached, continued from the end
notice-no-selection = Select some text first
notice-nothing-to-select = Nothing to select here
notice-selection-largest = The selection cannot grow further
notice-selection-smallest = The selection cannot shrink further
notice-nothing-to-drop = Nothing to clear
notice-nothing-to-annotate = Nothing to annotate here
notice-nothing-to-choose = Nothing to choose from
notice-still-reading = Still reading; sections can be tagged in a moment
notice-no-tag-yet = No tag used yet
notice-no-annotation-here = No annotation here
notice-no-annotations = No annotations in this speech yet
notice-annotation-has-no-place = The text of this annotation cannot be found
notice-nothing-to-undo = Nothing to undo
notice-nothing-to-redo = Nothing to redo
notice-no-speech = No speech is open
notice-library-empty = No speech in the library
notice-how-to-quit = Q leaves the program
notice-key-unbound = { $key } does nothing here
notice-annotation-resized = Annotation moved to the selection
notice-case-accepted = Accepted; u undoes
notice-case-kept = Kept as orphaned; u undoes
notice-nothing-proposed = No position is proposed: r attaches by hand, o keeps as orphaned
notice-nothing-to-review = No annotation needs review
notice-annotations-not-loaded = The annotations are still being read
notice-to-review = Annotations that need review: { $count }; R shows them
notice-restored = Restored; annotations changed: { $count }; u undoes
notice-filter-lifted = Filter lifted
notice-order-reversed = Order reversed
notice-order-forward = In the usual order
notice-restored-nothing = This is already the current state
notice-no-history = No history yet
notice-nothing-read-yet = No speech of this library has been read yet
notice-one-coder = Only one person has tagged here
notice-store-shared = Shares its annotations with { $path }; gc separates them
notice-tags-united = Two tags { $name } made independently are one now; pizhu tags split takes them apart
notice-store-migrated = The store was brought to the present form; { $backup } keeps the former file
notice-copy-parted = Separated: this copy now has its own annotations
notice-copy-was-apart = This copy is separate already
notice-copy-joined = Joined: the copies share their annotations again
notice-no-copies = No other copy of this speech is known
notice-no-similar = Nothing proposed any more
notice-similar-taken = Annotations taken over
notice-similar-refused = Refused: this is another speech
notice-speech-gone = The file is gone (deleted or renamed): what is shown is its last text
notice-speech-emptied = The file is empty now: what is shown is its last text
notice-bad-query = Invalid query: { $problem }
notice-bad-tag-name = “{ $name }” cannot be a tag name: no / and no spaces at the ends
notice-command-not-here = { $name } cannot be used here
notice-no-such-place = No section, percentage, line or command “{ $name }”
notice-note-empty = An empty note is not saved
notice-note-not-saved = Not saved: Ctrl-S saves, Esc again discards the note
notice-one-only = Only one can be chosen here
notice-paste-nowhere = Nothing can be pasted here
notice-sort-title = Sorted by title
notice-sort-date = Sorted by date
notice-sort-length = Sorted by length
notice-sort-tags = Sorted by tags
notice-sort-path = Sorted by path
notice-sort-tag = By tag
notice-sort-read = Sorted by progress
notice-ambiguous-section = “{ $path }” matches { $count } sections

## Notices: what failed

notice-store-damaged = { $path } is damaged: { $count } lines could not be read
notice-store-put-aside = The damaged file was moved to { $path }
notice-store-newer = { $path } was written by a newer version and is not changed
notice-cannot-open = Cannot open { $path }: { $reason }
notice-importing = Importing { $path } …
notice-imported = Imported: { $created } new, { $merged } merged, { $review } to review, { $failed } not attached
notice-cannot-import = Cannot import { $path }: { $reason }
notice-cannot-save = Cannot save: { $reason }
notice-unknown-setting = { $path } line { $line }: there is no setting { $name }
notice-setting-range = { $path } line { $line }: { $name } must be from { $least } to { $most }
notice-keys-place = { $path } line { $line }: there is no context { $place }
notice-keys-command = { $path } line { $line }: there is no command { $name } in { $place }
notice-keys-notation = { $path } line { $line }: { $keys } is not a key
notice-keys-conflict = { $path } line { $line }: { $keys } conflicts with a key of { $other }; free that key with "" first
notice-keys-typed = { $path } line { $line }: { $keys } types text in { $place }
notice-bad-theme = The theme { $name } cannot be used: { $reason }
notice-store-full = Disk full, not saved yet: free some space; saving is retried ({ $path })
notice-store-forbidden = The store is not writable, not saved yet: make it writable; saving is retried ({ $path })
notice-store-untrusted = The store is only read, nothing saved: it is not trusted ({ $path })
notice-trust-decided = Remembered for this store ({ $path })
notice-trust-reason = { $reason }
notice-store-passed-over = Passed over in the store, not plain files: { $count } (first { $path })
notice-store-unrecognized = Not readable as annotations of a speech, left alone: { $path }
notice-store-no-folder = Not a folder, so no store: { $path }; another one is used
notice-rules-passed-over = The ignore rules { $path } are not used: not a plain file of at most { $size } MB
notice-store-gone = The store's folder is gone: put it back; saving is retried ({ $path })
notice-store-replaced = Another folder is in place of the store's (unmounted, or replaced): edits wait in the journal; put it back ({ $path })
notice-store-brought-back = An older copy had been saved over { $path }: { $count ->
    [one] 1 annotation
   *[other] { $count } annotations
} brought back
notice-store-copy-parted = A copy that was edited: it has { $count ->
    [one] 1 annotation
   *[other] { $count } annotations
} of its own now
notice-store-proposed = Nearly equal to { $path }: gc takes its { $count ->
    [one] 1 annotation
   *[other] { $count } annotations
} or refuses them
notice-store-lacking = The store lacks { $count ->
    [one] 1 annotation
   *[other] { $count } annotations
} that the history holds: gh brings them back ({ $path })
notice-state-unwritable = { $path } cannot be written: until then, the journal is in { $instead }
notice-no-journal = { $path } cannot be written: edits go to the store without a journal
notice-edits-waiting = { $count } edits wait in the journal for the folder that was at { $path }: put it back
notice-cannot-copy = Cannot copy: { $reason }
notice-cannot-scan = Cannot scan { $path }: { $reason }
notice-cannot-read-tags = Cannot read the annotations; tags are not listed: { $reason }
notice-bad-settings = Settings { $path }, line { $line }: { $reason }

## Languages

language-zh-Hans = 简体中文
language-zh-Hant = 繁體中文
language-en = English

## Commands, as help and the palette show them

command-move-down = One row down
command-move-up = One row up
command-move-left = One character left
command-move-right = One character right
command-row-start = To the start of the row
command-row-end = To the end of the row
command-page-down = One page down
command-page-up = One page up
command-half-page-down = Half a page down
command-half-page-up = Half a page up
command-scroll-down = Scroll one row down
command-scroll-up = Scroll one row up
command-go-start = To the start, or to a line
command-go-end = To the end, or to a line
command-go-percent = To a percentage of the text
command-screen-top = To the top of the screen
command-screen-middle = To the middle of the screen
command-screen-bottom = To the bottom of the screen
command-align-top = Cursor's row to the top
command-align-middle = Cursor's row to the middle
command-align-bottom = Cursor's row to the bottom
command-next-word = To the next word
command-previous-word = To the previous word
command-word-end = To the end of the word
command-next-clause = To the next clause
command-previous-clause = To the previous clause
command-next-sentence = To the next sentence
command-previous-sentence = To the previous sentence
command-next-paragraph = To the next paragraph
command-previous-paragraph = To the previous paragraph
command-next-section = To the next section
command-previous-section = To the previous section
command-next-point = To the next point
command-previous-point = To the previous point
command-next-sibling = To the next section of the same level
command-previous-sibling = To the previous section of the same level
command-parent-section = To the parent section
command-next-annotation = To the next annotation
command-previous-annotation = To the previous annotation
command-next-untagged = To the next untagged section
command-previous-untagged = To the previous untagged section
command-find-char = To the next occurrence of a character
command-find-char-back = To the previous occurrence of a character
command-repeat-find = Repeat the character search
command-repeat-find-back = Repeat it in the other direction
command-set-mark = Set a mark
command-bookmark = Set a bookmark
command-bookmarks = Go to a bookmark
command-go-mark = Go to a mark
command-jump-back = Jump back
command-jump-forward = Jump forward
command-switch-pane = Between outline and text
command-toggle-outline = Show or hide the outline
command-outline-down = One entry down
command-outline-up = One entry up
command-outline-page-down = One page down
command-outline-page-up = One page up
command-outline-first = To the first entry
command-outline-last = To the last entry
command-outline-go = Read this section
command-outline-open = Unfold, or go to the first subsection
command-outline-close = Fold, or go to the parent section
command-outline-filter = Filter by title or tag (# tags only)
command-outline-leave = Back to the text
command-fold = Fold or unfold
command-fold-close = Fold
command-fold-open = Unfold
command-fold-all = Fold all
command-unfold-all = Unfold all
command-toggle-boilerplate = Show or hide page numbers, footers and the like
command-section-promote = Move the section one level up
command-section-demote = Move the section one level down
command-section-none = This is no heading (or no title)
command-section-heading = This is a heading; the count is its level
command-section-title = This is the title
command-section-reset = Take back what was mended here
command-select-chars = Select by character
command-select-word = Select the word
command-select-clause = Select the clause
command-select-sentence = Select the sentence
command-select-paragraph = Select the paragraph
command-select-section = Select the section
command-grow-selection = Grow the selection
command-shrink-selection = Shrink the selection
command-swap-ends = To the other end of the selection
command-drop-selection = Clear the selection
command-copy = Copy
command-copy-cited = Copy with its source
command-tag = Tag the section or the selection
command-repeat-tag = Repeat the last tags
command-note = Write a note
command-edit-annotation = Edit the note
command-show-annotation = Show the annotation
command-delete-annotation = Delete the annotation
command-retag-annotation = Change its tags
command-resize-annotation = Pick up the annotation, or move it to the selection
command-undo = Undo
command-redo = Redo
command-list-annotations = List all annotations
command-list-notes = List the notes
command-import = Import annotations, a codebook or a project from a file
command-export = Export the annotations
command-annotations-down = One entry down
command-annotations-up = One entry up
command-annotations-page-down = One page down
command-annotations-page-up = One page up
command-annotations-first = To the first entry
command-annotations-last = To the last entry
command-annotations-go = Go to its text
command-annotations-edit = Edit its note
command-annotations-retag = Change its tags
command-annotations-resize = Pick up, to attach elsewhere
command-annotations-notes = Only those with notes, or all
command-annotations-filter = Filter
command-annotations-delete = Delete it
command-review = Review annotations whose position is uncertain
command-review-accept = Accept the proposed position
command-review-attach = Attach by hand, in the text
command-review-orphan = Keep as orphaned
command-review-delete = Delete it
command-review-down = One entry down
command-review-up = One entry up
command-review-first = To the first entry
command-review-last = To the last entry
command-history = History of the annotations; restore a state
command-copies = Share annotations with copies of the speech, or separate them
command-disagreements = Where coders disagree: settle it, unit by unit, into a consensus
command-search-forward = Search
command-search-backward = Search backwards
command-next-match = To the next match
command-previous-match = To the previous match
command-search-selection = Search for the selection or the word
command-search-library = Search all speeches
command-read-tag = Read all passages with a tag, across speeches
command-shared-passages = Passages that speeches share, side by side
command-suggest = Suggest tags for the untagged sections
command-manage-tags = Manage tags: rename, merge, move, colour, define, delete
command-tags-read = Read all passages under the tag
command-tags-rename = Rename the tag
command-tags-merge = Merge it into another tag
command-tags-move = Move it below another tag
command-tags-delete = Delete the tag
command-tags-add = Add a tag beside it
command-tags-add-below = Add a tag below it
command-tags-key = Give it a key
command-tags-colour = Next colour
command-tags-colour-back = Previous colour
command-tags-sign = Give it a sign
command-tags-define = Write its definition
command-tags-keywords = Write its keywords
command-tags-memo = Write a memo on it
command-tags-split = Take apart what was merged into it
command-tags-restore = Bring back a deleted tag
command-tags-undo = Undo
command-tags-redo = Redo
command-tags-filter = Filter
command-tags-down = One tag down
command-tags-up = One tag up
command-tags-page-down = One page down
command-tags-page-up = One page up
command-tags-first = To the first tag
command-tags-last = To the last tag
command-tags-open = Unfold, or go to the first tag below
command-tags-close = Fold, or go to the tag above
command-tags-leave = Lift the filter, or leave
command-library-lift-filter = Lift the library's filter
command-library-continue = Continue the speech read last
command-library-recent = The ten speeches read last
command-library-reverse = Reverse the order
command-card-edit = Edit its note
command-card-retag = Change its tags
command-card-delete = Delete it
command-card-move = Pick it up, to attach elsewhere
command-card-next = The next annotation here
command-card-previous = The previous annotation here
command-card-undo = Undo
command-card-redo = Redo
command-card-close = Close
words-search-forward = find seek look
words-search-library = find grep everywhere
words-toggle-outline = contents toc navigation sections sidebar
words-switch-pane = pane panel
words-manage-tags = rename merge recolour codebook categories
words-import = load read merge project atlas maxqda nvivo qualcoder
words-export = print save output word excel pdf
words-where = count length statistics page line number
words-count-tags = statistics frequency chart table
words-settings = options preferences configuration font
words-next-theme = colours dark light night background
words-note = comment remark annotate
words-tag = label code mark highlight
words-undo = revert back
words-redo = again
words-bookmark = favourite
words-history = versions restore backup
words-back = close leave
words-copy = clipboard
words-copy-cited = quote citation
words-help = shortcuts keys manual
words-beside = compare diff versus
words-library-filter = find search
words-library-sort = order
words-repeat-tag = again same
words-read-tag = collect gather passages
command-across-accept = Accept the suggested tag
command-across-refuse = Refuse the suggested tag; it is not suggested here again
command-across-other = Open the source on the right; q comes back
command-query-down = Next hit
command-query-up = Previous hit
command-query-page-down = A page down
command-query-page-up = A page up
command-query-next-speech = Next speech
command-query-previous-speech = Previous speech
command-query-open = Open at the hit; q comes back
command-query-mode = Next search mode
command-query-leave = Leave the search
command-across-down = Down
command-across-up = Up
command-across-page-down = A page down
command-across-page-up = A page up
command-across-first = To the first row
command-across-last = To the last row
command-across-next = Next item
command-across-previous = Previous item
command-across-open = Open the source; q comes back
command-across-sort = Group by date, by speech or by tag
command-across-export = Export these passages
command-across-leave = Leave
command-beside = Two speeches or two tags side by side
command-beside-other = To the other side
command-beside-together = Scroll together or separately
command-beside-down = Down
command-beside-up = Up
command-beside-page-down = A page down
command-beside-page-up = A page up
command-beside-first = To the first row
command-beside-last = To the last row
command-beside-next-change = Next change (between tags: next passage)
command-beside-previous-change = Previous change (between tags: previous passage)
command-beside-sections = List of the compared sections, to go to one
command-beside-next = Next section or passage
command-beside-previous = Previous section or passage
command-beside-open = Open the source; q comes back
command-beside-leave = Leave
command-count-tags = Count tags: by speech, year, section level, co-occurrence
command-counts-by = Next grouping
command-counts-by-back = Previous grouping
command-counts-form = Heat map, table, bars
command-counts-turn = Transpose
command-counts-sort = Largest first, or in the original order
command-counts-down = Down
command-counts-up = Up
command-counts-right = Right
command-counts-left = Left
command-counts-page-down = A page down
command-counts-page-up = A page up
command-counts-first = To the first row
command-counts-last = To the last row
command-counts-first-column = To the first column
command-counts-last-column = To the last column
command-counts-open = Read the passages counted here
command-counts-export = Save as CSV
command-counts-leave = Leave
command-results = Back to the list that the speech was opened from
command-search-mode = Next search mode: folded, pinyin, exact, regex
command-tag-matches = Tag all matches
command-library-down = One entry down
command-library-up = One entry up
command-library-page-down = One page down
command-library-page-up = One page up
command-library-first = To the first entry
command-library-last = To the last entry
command-library-open = Open
command-library-filter = Filter
command-library-clear-filter = Clear the filter
command-library-sort = Next sort order
command-library-rescan = Scan the folder again
command-help = Help
command-first-steps = First steps
command-palette = Find a command
command-command-line = Go to a percentage, page, line, section or command
command-back = One step back
command-quit = Quit
command-quit-note = Quit, after a question if the note is not saved
command-interrupt = How to quit
command-suspend = Suspend
command-redraw = Redraw the screen
command-toggle-mouse = Give the mouse to the program or the terminal
command-wider = Wider column
command-narrower = Narrower column
command-next-theme = Next theme
command-next-language = Next language
command-settings = Settings
command-settings-down = One setting down
command-settings-up = One setting up
command-settings-more = Increase, or next value
command-settings-less = Decrease, or previous value
command-where = Where am I
command-help-down = Scroll down
command-help-up = Scroll up
command-help-page-down = One page down
command-help-page-up = One page up
command-help-first = To the start
command-help-last = To the end
command-help-search = Search the help
command-close = Close
command-steps-done = Close
command-accept = Accept
command-cancel = Cancel
command-picker-down = One entry down
command-picker-up = One entry up
command-picker-page-down = One page down
command-picker-page-up = One page up
command-picker-toggle = Mark the entry
command-picker-drop = Delete the bookmark
command-save-note = Save the note
command-leave-note = Leave the note
command-note-outside = Write in an external editor
command-note-newline = New line
command-note-undo = Undo typing
command-note-redo = Redo typing
command-entry-left = Left
command-entry-right = Right
command-entry-word-left = One word left
command-entry-word-right = One word right
command-entry-home = To the start of the line
command-entry-end = To the end of the line
command-entry-earlier = Earlier entry, or one row up
command-entry-later = Later entry, or one row down
command-entry-complete = Complete what is typed: tags, attributes, values
command-entry-complete-back = The candidate before
command-entry-backspace = Delete the character before the cursor
command-entry-delete = Delete the character after the cursor
command-entry-delete-word = Delete the word before the cursor
command-entry-delete-to-start = Delete to the start of the line
command-entry-delete-to-end = Delete to the end of the line

## The command line

error-missing-file = { $path }: there is no such file
error-is-folder = { $path }: this is a folder; name a file in it
error-unreadable = { $path }: cannot be read: { $reason }
error-not-text = { $path }: this is { $kind }, not text
error-not-text-convert = { $path }: this is { $kind }, not text; convert it first: { $command }
error-damaged = { $path }: the file is damaged ({ $reason }); open it in the program that made it and save it again
error-locked = { $path }: the file is encrypted; save a copy without its password
error-too-large = { $path }: unpacks to far more than a speech can hold and is not read; save its text as plain text
error-binary = { $path }: this is not text; if it is, give its encoding with --encoding
error-no-speeches = { $path }: no speeches here (.txt, .md, .docx, .html or .epub)
error-no-section = { $path }: no section { $section }; `pizhu outline` lists them
error-several-sections = { $path }: several sections match, choose one of them: { $sections }
error-no-quote = { $path }: “{ $quote }” is not in the text
error-few-quotes = { $path }: “{ $quote }” occurs only { $count } times in the text
error-several-quotes = { $path }: “{ $quote }” occurs { $count } times, choose one with --nth: { $places }
error-quote-place = #{ $nth } line { $line } { $words }
error-span = { $path }: { $span } is not a span of this text: START:END in characters, START before END, END at most { $length }
error-cannot-move = { $path }: the section cannot be moved so: it is at the top, or the section above it is not as deep; `pizhu outline` shows them
error-no-heading = { $path }: there is no heading at that place; --heading makes its words one
error-no-words = { $path }: there are no words at that place that could be a heading
error-no-outline-change = say what is to be mended: --promote, --demote, --no-heading, --heading [LEVEL], --title or --reset
error-no-place = no position given: use --section PATH, --quote TEXT or --span START:END
error-stdin = standard input cannot be annotated: save the speech to a file first
error-records-as-records = records give records: add `--format jsonl`, and leave out `--output` and `--order`
error-nothing-there = { $path }: there is no such annotation
error-several-there = { $path }: several annotations match, choose one with --id: { $ids }
error-empty-note = the note is empty; use --delete to delete a note
error-empty-query = nothing to search for: the query is empty
error-regex = the query is not a regular expression: { $reason }
error-pinyin-too-long = the query has more than { $letters } characters: too long for pinyin; shorten it, or search with --mode folded
error-regex-too-large = the regular expression is too large: it would take more than { $size } KB; shorten it or its repetitions
error-no-format = unknown format { $name }
error-record-too-large = line { $line }: the record is larger than { $size } MB and is left out
error-not-a-record = line { $line }: not a record; write {"{"}"id": …, "text": "…"{"}"}, one a line
error-not-json = line { $line }: not JSON: { $reason }
error-record-without-text = line { $line }: the record has no text; write {"{"}"{ $id }": …, "{ $text }": "…"{"}"}, or name its field with --text-field
error-needs-state = --state none leaves your folders alone; this command needs them: run it without --state none
error-records-without-annotations = records of JSON lines have no annotations; search their text, or name files instead of --input jsonl
error-one-speech-to-refuse = name one file whose section the tag is refused for
error-no-schema = there is no schema { $name }; there are { $names }
progress-count = { $done ->
    [one] 1 speech
   *[other] { $done } speeches
}, { $speed } a second
progress-share = { $done } of { $total } speeches, { $speed } a second, { $left } s left
error-too-small = the terminal is too small: at least { $width } columns and { $height } rows are needed
error-no-terminal = the reader needs a terminal; `pizhu read` and `pizhu outline` write to files and pipes
error-dumb-terminal = The terminal cannot show a screen (TERM=dumb); print speeches with `pizhu read FILE` or `pizhu outline FILE`
error-terminal = the terminal cannot be used: { $reason }
error-not-saved = annotations not saved: { $reason }
error-not-for-terminal = this format cannot be shown in a terminal: name a file with -o FILE
error-exists = { $path }: already exists; --force replaces it
error-onto-speech = { $path }: is a speech that is exported here and is never replaced; give another name
error-onto-store = { $path }: is a file of the annotation store and is never replaced; give another name
error-target-folder = { $path }: is a folder; give the name of a file in it
error-unwritable = { $path }: cannot be written: { $reason }
error-import-unknown = { $path }: contains no annotations or codebook in a readable format: the formats that pizhu exports, .qdpx, .qdc, Taguette's CSV
error-import-broken = { $path }: cannot be imported: { $reason }
error-over-limit = { $path }: larger than { $size } MB, the most that is read here
error-no-tags = { $path }: contains no codebook; `pizhu import` reads annotations
error-input = standard input cannot be read: { $reason }
error-output = standard output cannot be written: { $reason }
error-newer-file = { $path }: written by a newer version of pizhu
error-store-home = there is no home folder for the annotations: name a folder with --store or PIZHU_STORE
error-store-io = { $path }: the store cannot be used: { $reason }
error-store-full = { $path }: the disk is full and the annotations are not saved ({ $reason }): free some space and try again
error-store-forbidden = { $path }: the store cannot be written ({ $reason }): make it writable, or name another with --store
error-store-untrusted = { $path }: only read, nothing written: { $reason }. If you trust it, set PIZHU_TRUST={ $folder }
error-store-gone = { $path }: the store's folder is gone: put it back; annotations made since are in the journal
error-store-replaced = { $path }: not the folder that was opened (its disk was unmounted, or another folder put in its place), so nothing was written: put it back and try again
error-store-locked = { $path }: another process is writing to this store; try again
error-store-newer = { $path }: was written by a newer pizhu and is not changed: update this program
error-store-not-same = { $path }: what was written could not be read back unchanged; the file is as it was
error-store-slow = saving did not finish; the contents of the journal are written to the store next time
error-no-action = the history has no entry { $id }; `pizhu history` lists them
error-merge-foreign = { $path }: is not a file of an annotation store and cannot be merged
error-merge-damaged = { $path }: is damaged and not merged: replace it with an undamaged version first
error-nothing-to-join = { $path }: there are no annotations to join; give the present or former path of the speech
error-nothing-proposed = { $path }: no position is proposed for { $id }; give one with --section, --quote or --span
error-several-similar = { $path }: several annotated speeches are nearly equal to it; name one with --from: { $names }
error-one-place-one-id = a position needs exactly one --id, and neither --accept nor --orphan
error-no-author = { $name } has tagged nothing there; authors are: { $names }
error-one-coder = a comparison needs two coders (there are: { $names }); name another store with --with
error-edit-missing = there is no annotation { $id }
error-edit-no-text = there is no text at that position
error-edit-no-section = there is no such section
error-edit-nothing = neither a tag nor a note was given
error-tag-name = “{ $name }” cannot be a tag name: it must not be blank or contain a slash
error-tag-exists = the tag { $name } exists already
error-tag-missing = there is no tag { $name }; `pizhu tags` lists them
error-tag-ambiguous = { $name } may be any of these tags: { $paths }
error-tag-nothing-merged = nothing was merged into { $name }
error-tags-in-use = nothing was changed: annotations have these tags, which the file lacks: { $tags }; give them to one of its tags with --into TAG
error-tag-key = { $key } cannot be a tag's key: one of 1 to 9 and a to z
error-tag-nothing-to-edit = { $name }: say what to change: --definition, --keywords, --color, --memo or --key
error-tag-cycle = { $name } cannot be moved below { $parent }, which is below it
error-tag-too-deep = { $name } cannot be there: tags may be nested in at most { $levels } levels
reason-permission = no permission
reason-not-found = there is no such file or folder
reason-full = the disk is full
reason-read-only = the file system is read-only
distrust-owner = another user owns { $place }
distrust-writable = anyone may write to { $place }
distrust-link = { $place } is a link
irregular-link = it is a link
irregular-folder = it is a folder
irregular-fifo = it is a FIFO
irregular-socket = it is a socket
irregular-device = it is a device
irregular-large = it is too large
warning-missing-parts = { $path }: { $count } chapters that the book names are missing in the file ({ $parts }); the rest is shown. Get the file anew if you need them
warning-damaged = { $path }: damaged, { $count } lines could not be read; the rest is used
warning-unrecognized = { $path }: is not readable as annotations of a speech and is left alone; restore it from a backup, or move it away
warning-no-folder = { $path }: is not a folder, so that it is no store; another one is used
warning-put-aside = { $path }: was damaged; its old contents are kept in { $aside }
warning-brought-back = { $path }: an older copy had been saved over it; { $count } annotations made here since were brought back
warning-state-unwritable = { $path }: this state folder cannot be written; journal, history and backups are in { $instead } until it can
warning-no-journal = { $path }: this state folder cannot be written; there is no journal, history or backup until it can
warning-edits-waiting = { $path }: is not the folder that { $count } edits in the journal were made for (its disk was unmounted, or it was replaced); they are written when it is back
warning-conflict-merged = { $path }: a conflict copy; its annotations were merged
warning-newer = { $path }: was written by a newer pizhu; opened read-only
warning-migrated = { $path }: was in an older format; a backup is in { $backup }
warning-tags-created = new tags: { $tags }
warning-tags-united = two tags { $name } were made independently and are one now; `pizhu tags split { $name }` takes them apart again
warning-shared = { $path }: is a copy of { $with } and shares its annotations; `pizhu store part` separates them
warning-shared-several = { $path } and { $count } copies in all share the annotations of other files; each speech counts once. `pizhu store part` separates a copy
warning-copy-parted = { $path }: a copy that was edited; it has { $count } annotations of its own from now on
warning-proposed = { $path }: nearly equal to { $similar }, whose { $count } annotations may belong to it: `pizhu review` shows them, --take takes and --refuse refuses them
warning-proposed-several = { $count } speeches (such as { $path }) are nearly equal to annotated ones: `pizhu review` shows them, --take takes the annotations, --refuse refuses them
warning-lacking = { $path }: lacks { $count } annotations that the history of this machine holds: `pizhu history FILE` lists its states, --restore brings one back
warning-lacking-several = { $count } files of the store (such as { $path }) lack annotations that the history of this machine holds: `pizhu history FILE --restore` brings them back
warning-lost-files = the store no longer has { $count } files whose annotations the history of this machine holds: `pizhu history FILE --restore` brings them back
warning-store-untrusted = { $path }: only read: { $reason }. If you trust it, set PIZHU_TRUST={ $folder }
warning-passed-over = { $path }: passed over: { $reason }; put a plain file in its place
warning-more-passed-over = { $path }: { $count } more files passed over that are not plain files
warning-speech-outside = { $path }: not read, as it lies outside the folders you named and you have not opened it (and { $count } more): give its path, or open it once in the reader
store-made = The store is { $path }; speeches in the folder around it use it from now on
store-snapshots = The texts that annotations are placed in are kept in {$path}, for everyone who shares it.
store-empty-codebook = The codebook is empty.
store-has-codebook = { $path } has a codebook already; it stays as it is.
store-driver = git merges annotations with `pizhu merge` in this clone and by union in others; commit .pizhu
store-union = { $path } is in no git repository; in one, git will merge annotations by union
store-adopted = Annotations of { $count ->
    [one] 1 speech
   *[other] { $count } speeches
} copied from your own store
store-parted = { $path }: has its own annotations from now on
store-was-apart = { $path }: was separate already
store-joined = { $path }: shares its annotations again
review-kept = kept as orphaned
review-was = was
review-now = now
review-difference = diff
review-nowhere = (no position proposed)
review-similar = { $percent }% as { $path }, whose { $count } annotations may belong here: --take or --refuse
review-taken = Annotations taken over: { $count }
review-refused = Refused for good: { $count }
history-edit = edited
history-undo = undone
history-redo = redone
history-restore = restored
history-import = imported
outline-change-promote = one level up
outline-change-demote = one level down
outline-change-no-heading = no heading
outline-change-heading = heading of level
outline-change-title = title
history-attached =  (attached elsewhere)
history-restored = Restored; annotations changed: { $count }
history-kept = Left as they are, because only others have added or changed them since (--all takes them back, too): { $count }
agree-columns = tag	units	percent	κ	α
reuse-older = , the older
compare-kept = { $b }% of the second stood in the first; { $a }% of the first is left in the second
compare-front = (before the first section)
compare-new = new
compare-dropped = dropped
compare-new-partly = new; { $percent }% of it stood elsewhere
compare-dropped-partly = dropped; { $percent }% of it stands elsewhere
compare-same = same
compare-reworded = { $percent }% as before
compare-rewritten = rewritten
compare-was = was { $path }, {""}
compare-moved-from = moved from { $path }, {""}
agree-overall = all tags
agree-undefined = undefined
agree-disagreements = { $count ->
    [one] 1 disagreement
   *[other] { $count } disagreements
} (+ has the tag, − has not):
agree-unplaced = annotations with an uncertain position, left out: { $count }; `pizhu review` shows them
import-report = { $created } created, { $merged } merged, { $review } to review, { $failed } failed
import-review = to review: entry { $entry }, { $document }: { $quote }
import-failed = failed: entry { $entry }, { $document }: { $reason }
import-no-speech = no such speech; give its file or folder after the file to import
import-no-place = it has no quote, position or section
import-empty = it has neither tags nor a note
import-out-of-text = its position is outside the text
import-no-section = the speech has no section { $section }
tags-imported = { $created } created, { $changed } changed, { $left } left as they were
tags-changed = changed: { $tags }
tags-deleted = deleted, because the file lacks them (`pizhu tags restore` brings one back): { $tags }
tags-merged-into = merged into { $into } (`pizhu tags split` takes them apart): { $tags }
warning-speech-gone = { $path }: this speech ({ $title }) no longer exists; its annotations are left out
warning-linked-folder = { $path }: a link to a folder is not followed; name the folder itself to read it
warning-rules-passed-over = { $path }: these ignore rules are not used: { $reason }; put a plain file of at most { $size } MB in its place
kind-pdf = a PDF document
kind-old-office = a Word, Excel or PowerPoint file of the old format
kind-docx = a Word document
kind-odt = an OpenDocument text
kind-epub = an EPUB book
kind-rtf = a Rich Text document
kind-html = a web page
kind-image = a picture
kind-media = audio or video
kind-archive = an archive
kind-program = a program
kind-database = a database
kind-utf32 = text in UTF-32
kind-binary = binary data
format-markdown = Markdown: quotations with notes, by section or by tag, for reading and for Word
format-csv = CSV: a table, one row per passage and tag, for spreadsheets and statistics
format-json = JSON: everything, for programs and for importing again
format-jsonl = JSON Lines: everything, one annotation per line
format-html = HTML: a page with the speeches, their highlights, outline and notes
format-docx = Word: quotations with notes under headings by tag
format-docx-comments = Word: the speeches with a comment at each passage
format-xlsx = Excel: a workbook, one row per passage and tag, with the codebook
format-ron = RON: everything, in Rusty Object Notation
format-web-annotation = W3C Web Annotation, for annotation servers
format-qdpx = REFI-QDA project, for NVivo, ATLAS.ti, MAXQDA, QualCoder
format-brat = brat standoff files in an archive, for corpus tools
format-qdc = REFI-QDA codebook
format-taguette = codebook as a table for Taguette
format-quotations = CSV: a table of quotations, one row per annotation, with tags and the speech's attributes
format-conll = CoNLL columns, one character per line with its tags as IOB2, for sequence labelling
format-spans = JSON Lines: labelled spans, one speech per line with its text, for spaCy and Hugging Face

## What each command does

subcommand-reader = Open the reader on files or folders
subcommand-outline = Show the section trees of speeches
subcommand-text = Print the cleaned text of speeches, a paragraph a line, each behind its span
subcommand-read = Print a speech laid out in a column, one row per line
subcommand-tag = Tag a section or a passage; prints the annotation's id
subcommand-note = Write a note on a section or a passage; prints the annotation's id
subcommand-section = Mend the outline of a speech by hand, or list what is mended
subcommand-untag = Remove tags from a section or a passage
subcommand-tags = List and edit the codebook
subcommand-search = Search in speeches; exit status 1 if nothing is found
subcommand-suggest = Suggest tags for the untagged sections of speeches, each with its reasons
subcommand-compare = Compare two speeches section by section: what is the same, reworded, moved, new and dropped
subcommand-reuse = Show passages that speeches share, in either script; exit status 1 if there are none
subcommand-count = Count tags by speech, year, section level, attribute or co-occurrence; exit status 1 if there are none
subcommand-export = Export annotations
subcommand-import = Import annotations or a codebook; exit status 1 if some could not be attached
subcommand-review = Show annotations that are uncertain or orphaned, and decide about them
subcommand-history = Show the history of a speech's annotations; restore any state
subcommand-agree = Measure agreement between coders, by section, paragraph, sentence or character
subcommand-merge = Merge three versions of a store's file into the second: git's merge driver
subcommand-store = Create a store that a team shares; separate and join copies of a speech
subcommand-doctor = Show what was detected of the terminal, with a ruler to check it
subcommand-completions = Print a shell's completion script
subcommand-schema = Print the JSON Schema of a command's output
subcommand-man = Print the manual page, or write the pages of all commands into a folder

## Help of the command line

about-program = Reads long Chinese speeches in a terminal and annotates them (批注)
subcommand-tags-list = List the tags in their hierarchy
subcommand-tags-add = Add a tag
subcommand-tags-rename = Rename a tag; its annotations keep it
subcommand-tags-merge = Merge a tag into another, with its annotations and the tags below it; `split` undoes it
subcommand-tags-move = Move a tag below another, or to the top
subcommand-tags-delete = Delete a tag and remove it from all annotations; `restore` undoes it
subcommand-tags-edit = Change what is known of a tag; only what is given changes, an empty text removes it
subcommand-tags-split = Take apart again what was merged into a tag, or became one with it
subcommand-tags-restore = Bring back a deleted tag with its annotations
subcommand-tags-import = Import a codebook: existing tags keep what they have and get what they lack
subcommand-tags-export = Export the codebook
subcommand-store-init = Create a store in a folder, for the speeches below it and everyone who shares the folder
subcommand-store-part = Separate a speech from the other copies of its text: it gets its own annotations
subcommand-store-join = Share the annotations of another file: a copy of the speech, or the speech before it was moved and edited
option-store = The annotation store [default: the nearest .pizhu/ in the speech's folder or above it, else your own store]
option-author = The author of the annotations that are made, or whose annotations are meant [default: from the settings, else the user name]
option-encoding = Encoding of the speeches (utf-8, gb18030, big5, utf-16le …) [default: detected]
option-changes = Which side of a Word document's tracked changes is read [default: from the settings, else accepted]
option-state = Whether your own folders are used: none reads and writes none of them (settings, own store, caches, journals), for workers; a shared .pizhu/ is still read
option-color = When to colour the output
option-format = Output format; jsonl writes a record a line where there may be many
option-ambiguous = Cells of “ ” — … in the reader, for terminals that answer wrongly [default: from the settings, else as the terminal answers]
option-pizhu-paths = Files or folders to open in the reader; `-` is standard input [default: the last library, at first the built-in samples]
option-file = The speech
option-outline-paths = Files or folders; `-` is standard input
option-text-paths = Files or folders; `-` is standard input
option-suggest-paths = Files or folders; `-` is standard input
option-files-from = Also read the files and folders named in this file, one a line; `-` is standard input
option-null = The names of --files-from end with NUL, as find -print0 writes them
option-input = What the input is: files that are speeches, or JSON lines, one record {"{"}"id", "text"{"}"} a speech, in the files named or on standard input [default: files]
option-text-field = The field of a record that holds the text [default: text]
option-id-field = The field of a record that says what it is called [default: id]
option-jobs = How many speeches are worked on at once [default: the number of cores]
option-text-page = Also print page matter (navigation, copyright), which is left out otherwise
option-schema-name = The name: a command for its records (--format jsonl), with -report for its JSON; without one, the names
option-read-file = The speech; `-` is standard input
option-read-width = Width of the column in cells, two per hanzi [default: 80, or less in a narrower terminal]
option-read-ambiguous = Cells of the characters that terminals disagree about (“ ” — …)
option-read-page = Also print page matter (navigation, copyright), which is left out otherwise
option-section = A section by its path: the markers from the top, joined by `/`, as in 二、/（三）/一是#2
option-quote = A passage by its words
option-nth = Which occurrence of the quote, from 1
option-span = A passage by its characters, counted from 0, the end excluded
option-whole = The whole speech
option-tags = Names of tags, or their paths where several have a name; a name that no tag has makes a new one
option-untag-tags = Names or paths of tags [default: all]
option-section-file = The speech; without a change, what is mended in it is listed
option-place = A section by its path: the markers from the top, joined by `/`, as in 二、/（三）/一是#2
option-section-quote = Words by what they are
option-section-span = Words by their characters, counted from 0, the end excluded
option-section-line = A line of the text, from 1
option-promote = Move the section one level up, with those below it
option-demote = Move the section one level down, with those below it
option-no-heading = It is no heading, or no title: its words are text
option-heading = It is a heading of this level, 1 at the top [default: that of its ordinal, else of the section above]
option-section-title = It is the title
option-reset = Take back what is mended there; without a place, all of it
option-untag-id = An annotation by its id, instead of a position
option-note-id = An annotation by its id, instead of a position: its note is replaced
option-note-text = The note; `-` reads it from standard input
option-note-delete = Delete the note
option-name = The tag
option-parent = The parent tag [default: none, at the top]
option-tags-add-name = Its name, without `/`
option-tags-add-color = Its colour: `tag1` to `tag12` of the theme, or `#rrggbb`
option-tags-add-definition = When to use it
option-tags-add-keywords = Words that suggest it, separated by commas
option-tags-edit-definition = When to use it
option-tags-edit-keywords = Words that suggest it, separated by commas
option-tags-edit-color = Its colour: `tag1` to `tag12` of the theme, or `#rrggbb`
option-tags-edit-memo = Thoughts about it
option-tags-edit-key = The key that chooses it in the reader after t: 1 to 9 or a to z
option-tags-restore-name = Its name; of several of one name, the id that is listed then
option-tags-rename-new = The new name
option-tags-merge-from = The tag that is merged and removed
option-tags-merge-into = The tag that stays
option-tags-import-file = The file: a table (CSV, also Taguette's), .qdc, a .qdpx with a codebook, or a store's codebook.ron; `-` is standard input
option-tags-import-replace = Replace the codebook: its tags become those of the file, in their order and hierarchy. Tags of the same name or path keep their annotations, and what the file leaves empty; others are deleted, unless annotations have them: then nothing is done without --into
option-tags-import-into = The tag of the file that gets the annotations of tags that are not in it
option-tags-export-format = The format [default: from the file extension, else csv]
option-output = The file to write; `-` is standard output
option-force = Replace an existing file
option-excel = CSV in the form that Excel expects
option-suggest-refuse = Refuse this tag for the section: it is not suggested there again, and the words that suggested it count less
option-suggest-section = The section that the tag is refused for, by its path
option-compare-one = The one speech, as a rule the older one
option-compare-other = The other speech
option-compare-summary = List the sections only, without what differs inside them
option-reuse-paths = Files or folders to compare [default: this folder]
option-paths = Speeches, or folders of speeches [default: all speeches annotated in the store]
option-tag = Only this tag and the tags below it
option-since = Only speeches of this day or later
option-until = Only speeches of this day or earlier
option-export-tag = Only annotations with this tag or one below it; can be given several times
option-export-since = Only speeches of this day (YYYY-MM-DD, or a month or year) or later
option-export-format = The format [default: from the file extension, else markdown]
option-export-order = Order of the annotations
option-count-by = What the tags are counted by
option-count-turned = Transpose rows and columns
option-count-most-first = Sort rows by their totals, largest first
option-count-format = Output format: table, heat map and bars for the terminal; csv, json, svg (a picture) [default: from the file extension, else table]
option-import-file = The file, in a format that `pizhu export` writes ({ $formats }) or a table with such columns; `-` is standard input
option-import-paths = Speeches, or folders of speeches, that the annotations may belong to [default: the speeches that the store knows and those beside the file]
option-review-all = Also show annotations found although the text changed, and those kept as orphaned
option-review-ids = Only these annotations
option-review-accept = Attach them at the proposed positions; without --id, all that have a proposal
option-review-take = Take the annotations of the nearly equal speech that is proposed for these speeches
option-review-from = The speech whose annotations are taken, if several are proposed
option-review-refuse = Refuse for good the annotations of nearly equal speeches that are proposed for these speeches
option-review-orphan = Keep them as orphaned: their text is gone
option-history-restore = Restore the annotations to their state after this entry: its number (0 is before the first) or its id. Only this speech changes, and what only others have added or changed since stays. The restoration is an entry itself and can be undone
option-history-all = With --restore, also take back what only others have added or changed since
option-agree-between = The authors to compare, separated by commas [default: all]
option-agree-with = Another store to compare with, whoever its authors are; can be given several times
option-agree-complete = Count a speech as coded also by those who marked nothing in it
option-merge-base = The common ancestor; an empty file if there is none
option-merge-ours = Our version; it is replaced by the result
option-merge-theirs = Their version
option-store-init-folder = The folder
option-store-init-git = Let git merge the files of the store: with `pizhu merge` in this clone, by union elsewhere
option-store-init-snapshots = Keep the texts that annotations are placed in inside the store, for everyone who shares it
option-store-init-empty-codebook = Start with a codebook without tags instead of the starter codebook
option-store-init-adopt = Copy the annotations of the speeches below the folder from your own store
option-store-join-other = The other file, by its present or former path [default: the other copies of the same text]
option-completions-shell = The shell
option-man-folder = The folder to write the pages of all commands into
option-search-query = What to search for
option-search-paths = Files or folders to search [default: this folder]
option-search-mode = How to compare
option-search-part = What to search
option-search-tag = Only in sections and passages with this tag or one below it
option-search-level = Only in sections of this level (1 is the topmost)
help-usage = Usage
help-commands = Commands
help-arguments = Arguments
help-options = Options
help-global = Global options
help-help = Print help
help-version = Print version
help-default = {"["}default: { $value }]
help-values = {"["}possible values: { $values }]
help-variable = {"["}environment variable: { $name }]

## pizhu doctor

doctor-line = { $label }: { $value }
doctor-terminal = Terminal
doctor-no-terminal = there is none here; the following comes from the environment only
doctor-silent = it did not answer within half a second; the following comes from the environment only
doctor-answers = answers
doctor-term = TERM
doctor-program = Program
doctor-multiplexer = Multiplexer
doctor-colors = Colours
doctor-colors-none = none
doctor-colors-16 = the sixteen colours of the terminal's palette
doctor-colors-256 = 256
doctor-colors-true = true colour (24 bit)
doctor-remembered = Width of “ ” — …, remembered
doctor-measured = Width of “ ” — …, measured now
doctor-emoji = Width of a heart with the emoji selector
doctor-narrow = one cell
doctor-cells = { $count } cells
doctor-unknown = unknown
doctor-unset = not set
doctor-none = none
doctor-synchronised = Whole frames (synchronised output)
doctor-background = Background
doctor-light = light
doctor-dark = dark
doctor-clipboard = Copying to the clipboard (OSC 52)
doctor-clipboard-silent = not announced; many terminals support it nevertheless
doctor-yes = yes
doctor-no = no
doctor-tmux = tmux answers for itself: it counts “ ” — … as one cell each, whatever the outer terminal draws. If the bars below are not under 1, the outer terminal draws two cells and tmux misplaces what follows: set that terminal to draw them in one cell. Copying needs `set -s set-clipboard on` in tmux.
doctor-screen = screen answers for itself, not for the outer terminal. If the bars below are not under 1, set the width yourself.
doctor-ruler = Each bar should be under 1 if “ ” — … take one cell in this terminal, under 2 if they take two:
doctor-overrule = To override what was measured: `pizhu --ambiguous narrow` or `wide`; permanently: `ambiguous: Narrow` or `ambiguous: Wide` in { $path }.

## Attributes of speeches and conditions

subcommand-attr = Show, set, import and export attributes of speeches: speaker, place, date and your own
subcommand-attr-list = List the attributes of speeches: how many have each, and of which type they are
subcommand-attr-get = Show the attributes of speeches
subcommand-attr-set = Set attributes of speeches, also over what was found in the text; an empty value says that there is none
subcommand-attr-unset = Take back what was set; what was found in the text counts again
subcommand-attr-type = Fix the type of an attribute's values for the whole project
subcommand-attr-import = Set attributes from a table: a row a speech, a column an attribute; empty cells change nothing
subcommand-attr-export = Write a table of the attributes
option-attr-get-key = Only this attribute; can be given several times
option-attr-export-key = Only this attribute; can be given several times
option-attr-set-words = Speeches or folders, then KEY=VALUE, each as often as wanted
option-attr-unset-words = Speeches or folders, then the names of attributes
option-attr-type-key = The attribute
option-attr-type-values = The type; other values are then refused
option-attr-import-file = The table, CSV or XLSX, with a column `document`; `-` is standard input
option-attr-import-paths = Speeches, or folders of speeches, that the rows may mean [default: those beside the table, and those of the store]
option-attr-export-format = The format [default: from the file extension, else csv]
option-where = Only what this condition holds for: tags, `level:1`, `author:NAME`, `attr.KEY:VALUE`, `since:2020`, `until:2021-06`, `note:WORDS`, with `and`, `or`, `not`, brackets, `near:200`, `within`
attr-row = { $type } · { $speeches ->
    [one] 1 speech
   *[other] { $speeches } speeches
}, { $distinct } different values, { $set } set by hand
attr-type-text = text
attr-type-number = number
attr-type-date = date
attr-found = (found)
attr-set = (set)
attr-none = –
attr-imported = { $set } values set in { $speeches } speeches, { $unchanged } were there already, { $failed } rows not taken
error-attr-key = “{ $key }” cannot be the name of an attribute: 1 to 64 characters without = : , " and brackets
error-attr-type = { $key }: “{ $value }” is no { $type }; write another value, or change the type with `pizhu attr type`
error-attr-no-value = { $word }: write KEY=VALUE
error-attr-nothing = name one or more speeches first, then what is meant of them
error-attr-no-document = { $path }: no column names the speeches; call it `document`
error-attr-twice = { $path }: two columns are called { $key }; keep one of them
condition-error = --where, character { $column }: { $problem }
condition-no-term = a tag or another term is missing here
condition-no-operator = `and` or `or` is missing before { $word }; a tag with blanks is written in quotation marks
condition-open-bracket = this bracket is not closed
condition-stray-bracket = this bracket closes nothing
condition-open-quote = this quotation mark is not closed
condition-no-field = there is no term { $field }; there are level: author: note: since: until: and attr.KEY:; a tag with a colon is written in quotation marks
condition-no-value = a value is missing after { $field }
condition-bad-number = { $value } is not a number
condition-bad-date = { $value } is no day (YYYY-MM-DD), month or year of the calendar
condition-too-deep = too many brackets inside each other
option-count-unit = What is counted: annotations, or the characters that they cover, each once
option-count-together = When tags are together, with --by together: overlap, section, or near:N (at most N characters between)
option-count-across-authors = Passages of two authors can be together, too
option-count-percent = Shares of the total of each row or column instead of figures
error-chars-not-together = --unit chars counts the characters in which tags overlap; leave out --together section or near
count-no-value = no value
option-agree-tag = Only this tag and the tags below it; can be given several times
option-agree-unit = What coders are compared by
option-agree-coded-only = Leave out what none of the coders compared gave any of the tags
option-agree-draws = Draws for the 95 % intervals; 0 computes none
agree-over = The percentage is over { $pairs } pairs of ratings: for { $tags ->
    [one] the tag
   *[other] each of { $tags } tags
}, { $unit }
agree-interval = α 95 %
agree-unit-section = every section
agree-unit-paragraph = every paragraph
agree-unit-sentence = every sentence
agree-unit-char = every character
agree-unit-section-coded = the sections that one of them tagged
agree-unit-paragraph-coded = the paragraphs that one of them tagged
agree-unit-sentence-coded = the sentences that one of them tagged
agree-unit-char-coded = the characters that one of them tagged

## Baskets

topic-basket = Basket
context-basket = basket
command-basket = Open the basket
command-basket-put = Put the selection, section, annotation or passage into the basket
command-basket-put-hit = Put the sentence of the hit into the basket
command-basket-open = Open the passage's source, or edit the words
command-basket-edit = Edit the heading or words
command-basket-heading = Put a heading above it
command-basket-words = Write words of your own below it
command-basket-words-above = Write words of your own above it
command-basket-entry-down = Move it down
command-basket-entry-up = Move it up
command-basket-deeper = Heading one level deeper
command-basket-shallower = Heading one level up
command-basket-remove = Remove it
command-basket-undo = Undo
command-basket-redo = Redo
command-basket-move = Move it into another basket
command-basket-switch = Choose the basket
command-basket-new = New basket
command-basket-rename = Rename the basket
command-basket-delete = Delete the basket
command-basket-export = Export for Word or as Markdown, with the sources as footnotes
command-basket-copy = Copy it with its source
command-basket-down = One entry down
command-basket-up = One entry up
command-basket-page-down = One page down
command-basket-page-up = One page up
command-basket-first = To the first entry
command-basket-last = To the last entry
command-basket-leave = Leave
status-mode-basket = BASKET
basket-default-name = Basket
basket-unnamed = (deleted basket)
basket-hint = H heading · a words · J K order · e edit · x remove · X export · F1 help
basket-empty = Nothing yet: select words in a speech, or stand in a section or on a hit, and press p
basket-count = passages: { $count }
basket-words = Words
basket-words-placeholder = Words of your own, between the passages
basket-state-changed = the text has changed since
basket-state-review = no longer found for certain; as it was
basket-state-orphaned = no longer in the text; as it was
basket-state-missing = the speech is not there; as it was
basket-state-outside = the speech is outside the shared folder and was not opened here; as it was
basket-lost = { $count ->
    [one] one passage is not in its speech as it was; its footnote says so
   *[other] { $count } passages are not in their speeches as they were; their footnotes say so
}
prompt-basket-heading = Heading
prompt-basket-new = Name of the new basket
prompt-basket-rename = New name
prompt-basket-switch = Basket
prompt-basket-move = Move into
prompt-basket-delete = Delete “{ $name }” with its { $count } entries?
basket-delete-yes = Delete it; u brings it back
basket-delete-no = Keep it
basket-pick-new = New basket …
notice-basket-put = Put into { $name } ({ $count }): { $words }
notice-basket-put-nothing = Nothing to put into the basket here: select words, or go to a section or a hit
notice-basket-headed = Heading added: { $words }
notice-basket-written = Words added
notice-basket-changed = Changed: { $words }
notice-basket-moved = Moved: { $words }
notice-basket-moved-to = Moved into { $name }: { $words }
notice-basket-removed = Removed: { $words }
notice-basket-made = Basket made: { $name }
notice-basket-renamed = Renamed to { $name }
notice-basket-deleted = Deleted: { $name }
notice-basket-waits = Kept in the journal; the store cannot be written now: { $reason }
notice-basket-not-words = The words of a passage are those of its speech; Enter opens it
notice-basket-no-heading = Not a heading
notice-basket-no-source = The speech of this passage is not there
notice-basket-empty-words = Nothing was written
notice-basket-exists = There is a basket { $name } already
notice-basket-bad-name = Please give the basket a name
notice-basket-gone = It is no longer in the basket
notice-basket-format = Name a file that ends in .docx or .md
notice-basket-exported = Exported { $count ->
    [one] 1 passage
   *[other] { $count } passages
} to { $path }
notice-basket-exported-lost = Exported to { $path }; passages no longer found: { $count }, said in their footnotes
subcommand-basket = Gather passages from any speeches in baskets, with their sources; export them for Word
subcommand-basket-list = List the baskets with their entries, numbered
subcommand-basket-add = Put a passage or a section of a speech into a basket; prints its number
subcommand-basket-heading = Put a heading into a basket, or change one; prints its number
subcommand-basket-text = Put words of your own into a basket, or change them; prints their number
subcommand-basket-move = Move an entry to another place, or into another basket
subcommand-basket-remove = Remove entries from a basket
subcommand-basket-rename = Rename a basket
subcommand-basket-delete = Delete a basket with its entries
subcommand-basket-export = Export a basket for Word or as Markdown, with the sources as footnotes
option-basket = The basket's name [default: the only one]
option-at = The number that it gets [default: after the last]
option-basket-add-id = The passage of an annotation, by its id
option-basket-heading-text = The heading
option-basket-heading-level = Its level, 1 for the topmost
option-basket-heading-replace = The number of the heading or words that it replaces
option-basket-text-text = The words; `-` reads them from standard input
option-basket-text-replace = The number of the heading or words that they replace
option-basket-move-from = The entry's number
option-basket-move-to = The number that it gets
option-basket-move-into = The basket that it is moved into, at its end; made if there is none
option-basket-remove-entries = The entries' numbers
option-basket-rename-new = The new name
option-basket-delete-name = The basket's name
option-basket-export-format = The format [default: from the file extension, else markdown]
error-basket-none = there is no basket yet; put a passage into one with `pizhu basket add`
error-basket-which = there are several baskets: { $names }; say which with --basket
error-basket-entry = the basket has no entry { $number }; `pizhu basket list` shows the numbers
error-basket-not-words = entry { $number } is a passage, whose words are those of its speech; add words beside it with `pizhu basket text`
error-basket-empty-words = the words are empty; use `pizhu basket remove` to remove an entry
error-basket-annotation = no annotation { $id } with a place in this speech; `pizhu export` lists the ids
error-basket-missing = no basket “{ $name }”; `pizhu basket list` shows the names
error-basket-ambiguous = several baskets are named “{ $name }”: { $names }
error-basket-exists = there is a basket “{ $name }” already
error-basket-name = “{ $name }” is no name for a basket
error-basket-gone = the entry is no longer in the basket

## Preview

preview-length = { $count } characters, about { $minutes } min
preview-annotations = annotations: { $annotations }, notes: { $notes }

context-memos = Memos
topic-memos = Memos
status-mode-memos = MEMOS
memos-hint = Enter opens · e edit · a add · D delete · u undo · v kind · / filter · Esc
memos-count = { $count ->
    [one] 1 memo
   *[other] { $count } memos
}
memos-empty = No memos or notes yet; a writes a memo of the project
memos-none-fit = No memo matches “{ $filter }”
memos-editor = Memo
memos-placeholder = What to keep in mind
memo-kind-project = Project
memo-kind-tag = Tag
memo-kind-speech = Speech
memo-kind-section = Section
memo-kind-passage = Passage
prompt-hint-memos = words of a memo, its author or place
notice-memo-written = Memo saved { $name }
notice-memo-deleted = Memo deleted { $name }
notice-memo-place-gone = The text of this note is gone; here is the speech
notice-memo-speech-gone = Cannot open { $name }: the speech is not there or cannot be read
notice-changed-since = It was changed since; look at it again before changing it
notice-cannot-read-memos = Cannot read the memos: { $reason }
command-memos = Memos and notes: all in one list
command-memos-open = Go to what it is on
command-memos-edit = Edit the memo
command-memos-add = Write a memo of the project
command-memos-delete = Delete the memo
command-memos-undo = Undo
command-memos-redo = Redo
command-memos-kind = Next kind of memos only
command-memos-filter = Filter
command-memos-down = One memo down
command-memos-up = One memo up
command-memos-page-down = One page down
command-memos-page-up = One page up
command-memos-first = To the first memo
command-memos-last = To the last memo
command-memos-leave = Lift the filter, or leave
words-memos = notes comments journal list
error-no-memo = there is no memo of { $name } to delete
error-several-memos = you have several memos of the project, choose one with --id: { $ids }
subcommand-memo = Write memos on tags and on the project, and list all memos and notes
subcommand-memo-list = List all memos in one list: of the project and of tags, and the notes on speeches, sections and passages
subcommand-memo-tag = Write the memo of a tag; one that it has is replaced
subcommand-memo-project = Write your memo of the whole project; one that you wrote before is replaced
option-memo-list-kind = Only memos of this kind; can be given several times
option-memo-tag-name = The tag
option-memo-tag-text = The text; `-` reads it from standard input
option-memo-tag-delete = Delete the memo
option-memo-project-text = The text; `-` reads it from standard input
option-memo-project-delete = Delete the memo
option-memo-project-id = The memo that is meant, by its id; needed if you have several
option-import-texts = The folder for the texts of a project that none of the speeches has; existing files are never replaced [default: a folder beside the project, with its name]
import-text = Text written to { $path }
import-records = { $records } attributes and other records of speeches, { $project } memos and other records of the project added
import-lost = Not kept: { $what }
import-lost-source = { $count } sources that are no text
import-lost-selection = { $count } selections outside of texts or with nothing on them
import-lost-code = { $count } codes without a name
import-lost-coding = { $count } codings by unknown codes or of what is no text
import-lost-case = { $count } cases that are not one speech
import-lost-value = { $count } values of variables that belong to no speech
import-lost-set = { $count } sets
import-lost-link = { $count } links
import-lost-graph = { $count } graphs
import-lost-note = { $count } notes that belong to nothing kept
import-lost-transcript = { $count } transcripts
count-by-attribute = Tags by { $key }
picture-note = { $count ->
    [one] 1 annotation
   *[other] { $count } annotations
} in { $speeches ->
    [one] 1 speech
   *[other] { $speeches } speeches
}
picture-note-chars = Characters covered by { $count ->
    [one] 1 annotation
   *[other] { $count } annotations
} in { $speeches ->
    [one] 1 speech
   *[other] { $speeches } speeches
}
option-count-picture = The form of a picture, with --format svg: heat map, bars, or tags over the years [default: years with --by year, else heat]
error-no-picture = --picture draws an SVG; leave out --format { $format }
error-table-to-file = { $format } is for the terminal; for a file choose --format svg, csv or json
error-years-need-years = --picture years needs --by year, without --turned
subcommand-report = Write a page with the speeches, codebook, quotations, pictures and agreement of a project
option-report-title = Heading of the report [default: the name of the project's folder]
option-report-tag = Only annotations with this tag or one below it; can be given several times
report-heading = Report
report-made = Made on
report-speeches = Speeches
report-annotations = Annotations
report-authors = Authors
report-chosen = Chosen
report-memos = Memos
report-counts = Counts
report-codebook = Codebook
report-agreement = Agreement
report-quotations = Quotations by tag
report-title = Title
report-date = Date
report-file = File
report-bars = Tags, by number of annotations
report-years = Tags over the years
report-first-only = Only the first rows and columns; pizhu count shows all
report-figures = Figures
report-no-tags = The codebook is empty
report-keywords = Keywords
report-untagged = Notes without a tag
report-nothing = Nothing is annotated
report-whole-speech = on the whole speech
report-unplaced = not located in the present text
report-more = the rest
report-agreement-over = By section: whether an author gave a tag to a section. The percentage is over the pairs of ratings. A speech counts for those who tagged something in it.
report-units = Units
report-pairs = Pairs
report-percent = Equal
report-disagreements = Disagreements
attribute-speaker = speaker
attribute-office = office
attribute-occasion = occasion
attribute-place = place
attribute-date = date
attribute-kind = kind
attribute-number = number
attribute-subtitle = subtitle
attribute-addressees = addressees
attribute-signature = signature
option-blind = Code blind: leave out the annotations of others in speeches that you have not declared done with `pizhu done`
subcommand-done = Say that you have coded speeches: until then, blind coding hides the marks of others
option-done-paths = Speeches, or folders of speeches
option-done-undo = Take it back
option-done-list = Only say who is done with each speech
option-agree-disagreements = Only list the disagreements
agree-not-done = not done: { $coder }, { $count ->
    [one] 1 speech
   *[other] { $count } speeches
} ({ $speeches })
status-blind = BLIND
setting-blind = Blind coding: hide others' marks until done
notice-blind-on = Blind coding: the marks of others are hidden until you are done with a speech (gD)
notice-blind-off = The marks of others are shown
notice-blind-hides = You code blind: the marks of others show when you are done with this speech (gD)
notice-speech-done = Declared done
notice-speech-not-done = No longer declared done
notice-nothing-changed = Nothing has changed
notice-attribute-set = { $attribute } = { $value }
notice-attribute-unset = { $attribute } is again as found in the text
notice-what-done = declared done
notice-what-not-done = not done
notice-what-attribute = { $attribute } = { $value }
notice-what-attribute-unset = { $attribute } as found
prompt-done = Are you done with coding this speech?
prompt-done-blind = Are you done? Then the marks of others show, and you cannot unsee them
prompt-not-done = You have declared this speech done
done-declare = Yes, done
done-declare-blind = Yes, done: show the marks of others
done-go-on = Not yet
done-stays = Leave it so
done-take-back = Take it back: not done
command-done = Say that you are done with coding this speech, or take it back
command-toggle-blind = Blind coding on or off: hide others' marks until done
prompt-coders = Which two coders?
consensus-author = consensus
consensus-take-agreed = Take over what both gave: { $count }
consensus-by-section = Compare by section
consensus-by-paragraph = Compare by paragraph
consensus-by-sentence = Compare by sentence
consensus-unit-section = section
consensus-unit-paragraph = paragraph
consensus-unit-sentence = sentence
consensus-take = Take { $coder }'s
consensus-both = Take both
consensus-neither = Take neither
consensus-no-tag = no tag
consensus-note = Not taken: { $tags }
prompt-settle = { $place }: what does the consensus take?
notice-consensus-settled = Settled for { $author }: { $count }; u undoes
context-attributes = Attributes
topic-attributes = Attributes of a speech
attributes-title = Attributes
attributes-hint = Enter edits · n new · - none · x as found · u undo · Esc
attributes-of-title = title
attributes-none = (none)
attributes-found = found
attributes-set-by = set · { $author }
prompt-attribute = Value
prompt-attribute-key = Name of the attribute
prompt-hint-attribute = empty says that there is none
prompt-hint-attribute-key = for example 与会人数, 轮次
notice-title-by-hand = In the text, Ot on its words makes them the title
notice-attribute-no-date = { $value } is no day (YYYY-MM-DD), month or year
notice-attribute-no-number = { $value } is no number
notice-attribute-not-set = Nothing was set by hand here
notice-bad-attribute-key = “{ $key }” cannot be the name of an attribute
command-attributes = Attributes of this speech: date, speaker, place, kind and your own
command-attributes-edit = Change the value
command-attributes-add = Add an attribute of your own
command-attributes-none = Say that the speech has none
command-attributes-unset = Take back what was set: as found in the text
command-attributes-down = Next attribute
command-attributes-up = Previous attribute
command-attributes-undo = Undo
command-attributes-redo = Redo
command-attributes-close = Close
words-attributes = properties metadata date speaker place 属性 元数据 日期 讲话人 地点 改日期
words-done = finished blind coding
words-disagreements = consensus reconcile adjudicate agreement
notice-sort-attribute = Sorted by { $attribute }
notice-library-columns = Columns: { $keys }
prompt-library-columns = Columns
prompt-hint-library-columns = attributes with blanks between: speaker place kind …
command-library-columns = Choose the attributes that have a column; they also sort
command-library-favourite = Mark as a favourite, or no longer
command-library-favourites = List favourites only
notice-favourite = A favourite now; F lists them
notice-no-favourite = No longer a favourite
notice-no-favourites = No favourites yet: * marks one
command-outline-wider = Wider outline
command-outline-narrower = Narrower outline
notice-outline-width = Outline: { $cells } columns wide
notice-outline-alone = The outline has the whole screen
attributes-set = set
format-tei = TEI P5: the speeches with their annotations beside the text (stand-off) and the tags as a taxonomy
format-iramuteq = IRaMuTeQ: the annotated passages with tags, authors and attributes as variables
