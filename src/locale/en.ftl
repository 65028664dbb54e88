# The interface in English. The three files hold the same messages in the same order.

## The program and its screens

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
too-small = Window too small: { $width }×{ $height } at least

## Library

library-title = Library { $path }
library-samples = Built-in samples
library-count = { $count ->
    [one] { $count } speech
   *[other] { $count } speeches
}
library-none-fit = Nothing fits “{ $filter }”
library-empty-hint = No speeches here. Put txt, md, docx, html or epub files in, or open elsewhere with pizhu FOLDER.
sort-title = Sorted by title
sort-date = Sorted by date
sort-path = Sorted by path
sort-read = Sorted by progress

## Prompts

prompt-tag = Tags
prompt-palette = Commands
prompt-annotation = Which annotation
picker-create = Create
picker-hint = type to filter · Tab marks · Enter takes · Esc leaves
note-title = Note
note-placeholder = Write a note here
note-hint = Ctrl-S saves · Esc leaves · Enter breaks the line

## Outline and text

outline-empty = No numbered sections
restored-label = (restored)

## Annotations

annotations-title = Annotations { $count }
annotations-hint = Enter goes there · a edits · t tags · x deletes · q closes
choose-hint = type to filter · Enter takes · Esc leaves
anchor-moved = moved
anchor-changed = text changed
anchor-review = needs review
anchor-orphaned = orphaned

## Help and first run

help-title = Help
help-hint = j k scroll · q closes

## Notices: what was done

notice-tagged = Tagged { $tags }
notice-tagged-many = Tagged { $tags } in { $count } places
notice-noted = Noted
notice-deleted = Annotation deleted; u undoes
notice-undone = Undone
notice-redone = Redone
notice-copied = Copied { $count } characters
notice-column-width = { $chars } characters a line
notice-mark-set = Mark { $mark } set
notice-boilerplate-shown = Text about the page shown
notice-boilerplate-hidden = Text about the page hidden
notice-whereabouts = { $path } line { $line } of { $lines }, char { $offset } of { $length }
notice-theme = Theme { $name }
notice-language = Language { $name }

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
notice-ambiguous-section = “{ $path }” fits { $count } sections

## Notices: what failed

notice-store-damaged = { $path } is damaged: { $count } lines could not be read
notice-store-put-aside = The damaged file was put aside as { $path }
notice-store-newer = { $path } was written by a newer program and is not changed
notice-cannot-open = Cannot open { $path }: { $reason }
notice-cannot-save = Cannot save: { $reason }
notice-cannot-copy = Cannot copy: { $reason }
notice-cannot-scan = Cannot scan { $path }: { $reason }
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

## The command line

error-missing-file = { $path }: there is no such file
error-is-folder = { $path }: this is a folder; name a file in it
error-unreadable = { $path }: cannot be read: { $reason }
error-not-text = { $path }: this is { $kind }, not text
error-not-text-convert = { $path }: this is { $kind }, not text; convert it first: { $command }
error-damaged = { $path }: the file is damaged ({ $reason }); open it in the program it comes from and save it again
error-locked = { $path }: is locked; save a copy without its password
error-too-large = { $path }: unpacks to far more than a speech holds, and is not read; save its text as plain text
error-binary = { $path }: this is not text; if it is, name its encoding with --encoding
error-no-speeches = { $path }: no speeches here (.txt, .md, .docx, .html or .epub)
error-no-section = { $path }: no section { $section }; `pizhu outline` lists them
error-several-sections = { $path }: several sections fit, name one of them: { $sections }
error-no-quote = { $path }: “{ $quote }” is not in the text
error-few-quotes = { $path }: “{ $quote }” is in the text only { $count } times
error-several-quotes = { $path }: “{ $quote }” stands in { $count } places, choose one with --nth: { $places }
error-quote-place = #{ $nth } line { $line } { $words }
error-span = { $path }: { $span } is no span of this text: START:END in characters, START before END, END at most { $length }
error-no-place = say where: --section PATH, --quote TEXT or --span START:END
error-stdin = standard input cannot be annotated: save the speech to a file first
error-nothing-there = { $path }: nothing of that kind is annotated there
error-several-there = { $path }: several annotations are there, choose one with --id: { $ids }
error-empty-note = the note is empty; --delete deletes one
error-empty-query = nothing to search for: the query is empty
error-regex = the query is no regular expression: { $reason }
error-no-format = no format { $name }
error-too-small = the terminal is too small: { $width } columns and { $height } rows at least
error-no-terminal = the reader needs a terminal; `pizhu read` and `pizhu outline` write to files and pipes
error-terminal = the terminal cannot be used: { $reason }
error-not-saved = annotations not saved: { $reason }
error-not-for-terminal = this format is no text for a terminal: name a file with -o FILE
error-exists = { $path }: is there already; --force replaces it
error-unwritable = { $path }: cannot be written: { $reason }
error-input = standard input cannot be read: { $reason }
error-output = standard output cannot be written: { $reason }
error-store-home = there is no home folder to keep annotations in: name a folder with --store or PIZHU_STORE
error-store-io = { $path }: the store cannot be used: { $reason }
error-store-locked = { $path }: another process is writing to this store, try again
error-store-newer = { $path }: was written by a newer pizhu and is not changed: update this one
error-store-not-same = { $path }: what was written did not read back the same; the file is as it was
error-store-slow = saving has not come to an end; what the journal holds is folded into the store next time
error-no-action = the history has no entry { $id }; `pizhu history` lists them
error-edit-missing = there is no annotation { $id }
error-edit-no-text = there is no text at that place
error-edit-no-section = there is no such section
error-edit-nothing = neither a tag nor a note was given
error-tag-name = “{ $name }” cannot be a tag's name: it must not be blank or hold a slash
error-tag-exists = there is a tag { $name } already
error-tag-missing = there is no tag { $name }; `pizhu tags` lists them
error-tag-cycle = { $name } cannot go below { $parent }, which lies below it
reason-permission = no permission
reason-not-found = there is no such file or folder
reason-full = the disk is full
reason-read-only = the file system is read-only
warning-damaged = { $path }: damaged, { $count } lines could not be read; the rest is used
warning-put-aside = { $path }: was damaged; its old content is kept in { $aside }
warning-conflict-merged = { $path }: a conflict copy; its annotations were taken in
warning-newer = { $path }: was written by a newer pizhu; it is only read
warning-migrated = { $path }: was of an older version, kept as { $backup }
warning-tags-created = new tags: { $tags }
warning-speech-gone = { $path }: this speech ({ $title }) is not there any more; its annotations are left out
kind-pdf = a PDF document
kind-old-office = a Word, Excel or PowerPoint file of the old format
kind-docx = a Word document
kind-odt = an OpenDocument text
kind-epub = an EPUB book
kind-rtf = a Rich Text document
kind-html = a web page
kind-image = a picture
kind-media = sound or film
kind-archive = an archive
kind-program = a program
kind-database = a database
kind-utf32 = text in UTF-32
kind-binary = binary data
format-markdown = Markdown: quotations with notes, by section or by tag, for reading and for Word
format-csv = CSV: a table, one row a passage and tag, for spreadsheets and statistics
format-json = JSON: everything, for programs and for importing again
format-jsonl = JSON Lines: everything, one annotation a line
