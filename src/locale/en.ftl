# The interface in English. The three files hold the same messages in the same order.

## The program and its screens

app-name = pizhu
context-library = Library
context-reader = Text
context-outline = Outline
context-picker = Picker
context-editor = Note
context-help = Help
context-annotations = Annotations
context-prompt = Prompt
topic-motion = Moving
topic-outline = Outline and folding
topic-select = Selecting and copying
topic-annotate = Tags and notes
topic-search = Searching
topic-library = Library
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
status-reading = reading…
status-scanning = scanning: { $count }
status-pending = unsaved { $count }
status-saved = saved
status-read-only = read-only
status-replaced = { $count } undecodable
status-matches = { $index }/{ $count }
status-selected = { $count } chars selected
status-provisional = outline pending
too-small = Window too small: { $width }×{ $height } at least

## Library

library-title = Library { $path }
library-samples = Built-in samples
library-count = { $count ->
    [one] { $count } speech
   *[other] { $count } speeches
}
library-column-title = Title
library-column-date = Date
library-column-tags = Tags
library-column-read = Read
library-column-size = Length
library-column-encoding = Encoding
library-unread = unread
library-undated = undated
library-none-fit = Nothing fits “{ $filter }”
library-empty-hint = No speeches here. Put txt, md, docx, html or epub files in, or open elsewhere with pizhu FOLDER.
sort-title = Sorted by title
sort-date = Sorted by date
sort-path = Sorted by path
sort-size = Sorted by length
sort-read = Sorted by progress
sort-opened = Last read first

## Prompts

prompt-search = Search
prompt-search-back = Search backwards
prompt-command = Percentage, line, section path or command
prompt-outline-filter = Filter the outline
prompt-library-filter = Filter the library
prompt-tag = Tags
prompt-palette = Commands
prompt-annotation = Which annotation
picker-create = Create
picker-hint = type to filter · Tab marks · Enter takes · Esc leaves
picker-none = Nothing fits
note-title = Note
note-placeholder = Write a note here
note-hint = Ctrl-S saves · Esc leaves · Enter breaks the line

## Outline and text

outline-empty = No numbered sections
outline-untitled = (untitled)
boilerplate-label = About the page
restored-label = (restored)

## Annotations

annotations-title = Annotations { $count }
annotation-section = section
annotation-passage = passage
annotation-untagged = untagged
anchor-exact = in place
anchor-moved = moved
anchor-changed = text changed
anchor-review = needs review
anchor-orphaned = orphaned
tag-color = colour { $number }

## Help and first run

help-title = Help
help-hint = j k scroll · q closes
help-here = Available here
help-elsewhere = Elsewhere
welcome-title = Six lines to begin with
welcome-read = j k or the arrows read on, Space turns the page, ]s [s go by section
welcome-outline = Tab goes to the outline, Enter to its section
welcome-tag = t tags the section or the selection
welcome-note = s selects a sentence, a writes a note
welcome-export = pizhu export --format markdown hands it on
welcome-help = F1 shows every key, q leaves

## Notices: what was done

notice-saved = Saved
notice-tagged = Tagged { $tags }
notice-tagged-many = Tagged { $tags } in { $count } places
notice-untagged = Untagged { $tags }
notice-noted = Noted
notice-deleted = Annotation deleted; u undoes
notice-undone = Undone
notice-redone = Redone
notice-tag-created = New tag { $tag }
notice-copied = Copied { $count } characters
notice-column-width = { $chars } characters a line
notice-mark-set = Mark { $mark } set
notice-boilerplate-shown = Text about the page shown
notice-boilerplate-hidden = Text about the page hidden
notice-whereabouts = { $path } line { $line } of { $lines }, char { $offset } of { $length }
notice-theme = Theme { $name }
notice-language = Language { $name }
notice-reloaded = The file has changed and was read again
notice-resumed = Back where you stopped

## Notices: why nothing happened

notice-no-more = No more that way
notice-at-start = At the start
notice-at-end = At the end
notice-at-top-level = At the top level
notice-already-there = Already there
notice-no-next-section = No section further on
notice-no-previous-section = No section further up
notice-no-next-point = No point further on
notice-no-previous-point = No point further up
notice-no-parent-section = No section above this one
notice-no-next-annotation = No annotation further on
notice-no-previous-annotation = No annotation further up
notice-no-untagged-section = No untagged section that way
notice-no-children = No sections within
notice-no-sections = This text has no numbered sections
notice-nothing-to-fold = Nothing to fold
notice-nothing-to-unfold = Nothing to unfold
notice-no-jump-back = No earlier place
notice-no-jump-forward = No later place
notice-no-mark = No mark { $mark }
notice-no-find-yet = Find a character with f first
notice-char-not-found = No “{ $char }” that way
notice-percent-wants-count = Type a number first, as in 42%
notice-no-search-yet = Search with / first
notice-not-found = “{ $query }” not found
notice-search-wrapped = Past the end, on from the start
notice-search-wrapped-back = Past the start, on from the end
notice-no-selection = Select some text first
notice-nothing-to-select = Nothing to select here
notice-selection-largest = It cannot grow further
notice-selection-smallest = It cannot shrink further
notice-nothing-to-drop = Nothing to drop
notice-nothing-to-annotate = Nothing to annotate here
notice-nothing-to-choose = Nothing to choose from
notice-still-reading = Still reading; sections can be tagged in a moment
notice-no-tag-yet = No tag given yet
notice-no-annotation-here = No annotation here
notice-no-annotations = No annotations in this speech yet
notice-annotation-has-no-place = This annotation has lost its place
notice-nothing-to-undo = Nothing to undo
notice-nothing-to-redo = Nothing to redo
notice-no-speech = No speech is open
notice-library-empty = No speech in the library
notice-how-to-quit = Q leaves the program
notice-key-unbound = { $key } does nothing here
notice-annotation-resized = Annotation put on the selection
notice-bad-query = Not a query: { $problem }
notice-bad-tag-name = “{ $name }” cannot be a tag's name: no / and no blanks around it
notice-command-not-here = { $name } cannot be given here
notice-no-such-place = No section, percentage, line or command “{ $name }”
notice-note-empty = An empty note is not kept
notice-note-not-saved = Not saved: Ctrl-S saves, Esc again drops it
notice-one-only = One only can be chosen here
notice-paste-nowhere = Nothing here takes what was pasted
notice-sort-title = Sorted by title
notice-sort-date = Sorted by date
notice-sort-path = Sorted by path
notice-sort-read = Sorted by progress
notice-unknown-command = No command “{ $command }”
notice-no-such-section = No section “{ $path }”
notice-ambiguous-section = “{ $path }” fits { $count } sections
notice-read-only = Annotations are read-only here: { $reason }

## Notices: what failed

notice-cannot-open = Cannot open { $path }: { $reason }
notice-cannot-save = Cannot save: { $reason }
notice-cannot-copy = Cannot copy: { $reason }
notice-cannot-scan = Cannot scan { $path }: { $reason }
notice-bad-settings = Settings { $path }, line { $line }: { $reason }
notice-bad-theme = Theme { $name }: { $reason }

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
command-previous-word = To the word before
command-word-end = To the end of the word
command-next-clause = To the next clause
command-previous-clause = To the clause before
command-next-sentence = To the next sentence
command-previous-sentence = To the sentence before
command-next-paragraph = To the next paragraph
command-previous-paragraph = To the paragraph before
command-next-section = To the next section
command-previous-section = To the section before
command-next-point = To the next point
command-previous-point = To the point before
command-next-sibling = To the next section of this level
command-previous-sibling = To the section before of this level
command-parent-section = To the section above
command-next-annotation = To the next annotation
command-previous-annotation = To the annotation before
command-next-untagged = To the next untagged section
command-previous-untagged = To the untagged section before
command-find-char = To the next … of a character
command-find-char-back = To the … before of a character
command-repeat-find = Find that character again
command-repeat-find-back = Find it the other way
command-set-mark = Set a mark
command-go-mark = Go to a mark
command-jump-back = Back to the place before
command-jump-forward = On to the place after
command-switch-pane = Between outline and text
command-toggle-outline = Show or hide the outline
command-outline-down = One entry down
command-outline-up = One entry up
command-outline-page-down = One page down
command-outline-page-up = One page up
command-outline-first = To the first entry
command-outline-last = To the last entry
command-outline-go = Read this section
command-outline-open = Unfold, or go inside
command-outline-close = Fold, or go to the level above
command-outline-filter = Filter the outline
command-outline-leave = Back to the text
command-fold = Fold or unfold
command-fold-close = Fold
command-fold-open = Unfold
command-fold-all = Fold all
command-unfold-all = Unfold all
command-toggle-boilerplate = Show or hide the text about the page
command-select-chars = Select by character
command-select-word = Select the word
command-select-clause = Select the clause
command-select-sentence = Select the sentence
command-select-paragraph = Select the paragraph
command-select-section = Select the section
command-grow-selection = Grow the selection
command-shrink-selection = Shrink the selection
command-swap-ends = To the other end of the selection
command-drop-selection = Drop the selection
command-copy = Copy
command-copy-cited = Copy with its source
command-tag = Tag the section or the selection
command-repeat-tag = Give the last tags again
command-note = Write a note
command-edit-annotation = Edit the note
command-show-annotation = Show the annotation
command-delete-annotation = Delete the annotation
command-retag-annotation = Change its tags
command-resize-annotation = Put the annotation on the selection
command-undo = Undo
command-redo = Redo
command-list-annotations = List all annotations
command-annotations-down = One entry down
command-annotations-up = One entry up
command-annotations-page-down = One page down
command-annotations-page-up = One page up
command-annotations-first = To the first entry
command-annotations-last = To the last entry
command-annotations-go = Go to its place
command-annotations-edit = Edit its note
command-annotations-retag = Change its tags
command-annotations-delete = Delete it
command-search-forward = Search
command-search-backward = Search backwards
command-next-match = To the next match
command-previous-match = To the match before
command-search-selection = Search for the selection or the word
command-tag-matches = Tag all matches
command-library-down = One entry down
command-library-up = One entry up
command-library-page-down = One page down
command-library-page-up = One page up
command-library-first = To the first entry
command-library-last = To the last entry
command-library-open = Open
command-library-filter = Filter
command-library-clear-filter = Drop the filter
command-library-sort = Sort by something else
command-library-rescan = Scan the folder again
command-help = Help
command-palette = Find a command
command-command-line = Go to a percentage, section or command
command-back = One step back
command-quit = Quit
command-interrupt = How to quit
command-suspend = Suspend
command-redraw = Draw the screen anew
command-wider = Wider column
command-narrower = Narrower column
command-next-theme = Next theme
command-next-language = Next language
command-where = Where am I
command-help-down = Scroll down
command-help-up = Scroll up
command-help-page-down = One page down
command-help-page-up = One page up
command-help-first = To the start
command-help-last = To the end
command-close = Close
command-accept = Accept
command-cancel = Cancel
command-picker-down = One entry down
command-picker-up = One entry up
command-picker-page-down = One page down
command-picker-page-up = One page up
command-picker-toggle = Mark the entry
command-save-note = Save the note
command-leave-note = Leave the note
command-note-newline = Break the line
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
command-entry-backspace = Delete the character before
command-entry-delete = Delete the character behind
command-entry-delete-word = Delete the word before
command-entry-delete-to-start = Delete to the start of the line
command-entry-delete-to-end = Delete to the end of the line
