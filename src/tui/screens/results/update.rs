//! Updates of the results screen.

use crate::locale::notice;
use crate::tui::effect::Effect;
use crate::tui::message::{LibraryQuery, QueryFound, QuerySubject, ResultRow, SpeechSpan, StatusMessage, SuggestionFeedback};
use crate::tui::overlay::{Overlay, Prompt, PromptKind};
use crate::tui::state::{PendingJump, ReaderScreen, ResultsScreen, ScreenKind, State};
use crate::tui::viewport::Align;
use crate::tui::widget::{LineInput, ListState, TextEdit};
use pizhu_library::find::Query;
use pizhu_library::parse_cache::MetadataFingerprint;
use pizhu_text::search::MatchMode;
use pizhu_text::text::Span;
use std::{path::PathBuf, sync::Arc};

impl State {
    /// Opens the results screen and runs the query.
    pub(crate) fn open_results(&mut self, subject: QuerySubject, effects: &mut Vec<Effect>) {
        let mode = self.results.as_ref().map_or(MatchMode::Pinyin, |screen| screen.mode);
        let input = match (&self.results, &subject) {
            (Some(screen), QuerySubject::Search) => screen.input.clone(),
            _ => LineInput::default(),
        };
        let from_tags = self.screen == ScreenKind::Tags;
        let mut results = ResultsScreen::new(subject, input, mode);
        results.from_tags = from_tags;
        results.from_memos = self.screen == ScreenKind::Memos;
        self.results = Some(results);
        self.screen = ScreenKind::Results;
        self.close_all_overlays();
        self.arrange();
        self.run_query(effects);
    }

    /// Runs the query again, e.g. after its input, mode or speeches have changed.
    pub(crate) fn run_query(&mut self, effects: &mut Vec<Effect>) {
        self.run_query_with_feedback(Vec::new(), effects);
    }

    /// Like [`Self::run_query`], but first records feedback on suggestions.
    fn run_query_with_feedback(&mut self, feedback: Vec<SuggestionFeedback>, effects: &mut Vec<Effect>) {
        let Some(screen) = &self.results else { return };
        // Where only texts count, a copy has nothing of its own to tell.
        let of_texts = match screen.subject {
            QuerySubject::Shared => true,
            QuerySubject::Search => !Query::parse(screen.input.text(), screen.mode).needs_annotations(),
            _ => false,
        };
        let (files, stamps) = if of_texts && self.library.has_roots() { self.library.distinct_files() } else { self.query_files() };
        let Some(screen) = &mut self.results else { return };
        self.last_query += 1;
        screen.start_query(self.last_query);
        effects.push(Effect::QueryLibrary(Box::new(LibraryQuery {
            generation: self.last_query,
            subject: screen.subject.clone(),
            input: screen.input.text().to_owned(),
            mode: screen.mode,
            files,
            feedback,
            fingerprints: stamps,
        })));
    }

    /// The speeches to query: those listed in the library, else the open one.
    pub(in crate::tui) fn query_files(&mut self) -> (Arc<[PathBuf]>, Arc<[Option<MetadataFingerprint>]>) {
        if self.library.has_roots() {
            self.library.files()
        } else {
            (self.reader.iter().map(|reader| reader.origin.path.clone()).collect(), Arc::default())
        }
    }

    /// Adds what a query has found, unless it is of an older one. The position is kept.
    pub(crate) fn add_found(&mut self, generation: u64, found: QueryFound, more: bool) {
        let style = self.display_options.style;
        if let Some(screen) = &mut self.results {
            screen.add_results(generation, style, |results, subject| {
                results.add(found, subject);
                results.more = more;
            });
        }
    }

    /// Takes results, unless they are of an older query. The position is kept.
    #[cfg(test)]
    pub(crate) fn set_results(&mut self, generation: u64, results: crate::tui::message::QueryResults) {
        let style = self.display_options.style;
        if let Some(screen) = &mut self.results {
            screen.set_results(generation, results, style);
        }
    }

    /// Fits the results to the screen.
    pub(in crate::tui) fn arrange_results(&mut self) {
        let area = self.size.list_area();
        let style = self.display_options.style;
        if let Some(screen) = &mut self.results {
            screen.resize(area.width, area.height, style);
        }
    }

    /// Edits the search input and runs the query if it changed.
    pub(in crate::tui) fn edit_query_with(&mut self, change: impl FnOnce(&mut LineInput) -> bool, effects: &mut Vec<Effect>) {
        let Some(screen) = self.results.as_mut().filter(|_| self.screen == ScreenKind::Results && self.overlay.is_none()) else { return };
        if change(&mut screen.input) {
            screen.list = ListState::default();
            self.run_query(effects);
        }
    }

    /// Applies an editing command to the search input.
    pub(in crate::tui) fn edit_query(&mut self, edit: TextEdit, effects: &mut Vec<Effect>) {
        self.edit_query_with(|input| input.apply(edit), effects);
    }

    /// Opens the speech of the selected row at its source; `other`: of its right column.
    pub(crate) fn open_result(&mut self, other: bool, effects: &mut Vec<Effect>) {
        let Some(screen) = &self.results else { return };
        let row = screen.selected();
        let Some(source) = row.and_then(|row| if other { row.right_source.clone() } else { row.source.clone() }) else {
            self.status = Some(StatusMessage::hint(notice::NOTHING_TO_CHOOSE));
            return;
        };
        let words = (screen.subject == QuerySubject::Search).then(|| {
            let question = Query::parse(screen.input.text(), screen.mode);
            (question.text, question.mode)
        });
        self.open_at(&source, words, effects);
    }

    /// Opens a speech at a span, with hits of `words` marked.
    pub(in crate::tui) fn open_at(&mut self, source: &SpeechSpan, words: Option<(String, MatchMode)>, effects: &mut Vec<Effect>) {
        match &mut self.reader {
            Some(reader) if reader.origin.path == source.path => {
                reader.visited_from.get_or_insert(reader.viewport.cursor());
                perform_jump(reader, source.span, words, effects);
                self.screen = ScreenKind::Reader;
                self.arrange();
            }
            _ => {
                self.open_speech(&source.path, effects);
                self.pending_jump = Some(PendingJump { opening: self.last_opening, span: source.span, words });
            }
        }
    }

    /// Performs the pending jump if it belongs to the open speech; returns whether it did. The reading
    /// place stays at `resume`.
    pub(crate) fn finish_pending_jump(&mut self, resume: Option<usize>, effects: &mut Vec<Effect>) -> bool {
        let Some(reader) = &mut self.reader else { return false };
        let Some(arrival) = self.pending_jump.take_if(|arrival| arrival.opening == reader.opening) else { return false };
        reader.visited_from = Some(resume.unwrap_or(0));
        perform_jump(reader, arrival.span, arrival.words, effects);
        true
    }

    /// Suggests tags for the open speech.
    pub(crate) fn open_suggestions(&mut self, effects: &mut Vec<Effect>) {
        let Some(path) = self.reader.as_ref().map(|reader| reader.origin.path.clone()) else { return };
        self.open_results(QuerySubject::Suggestions { path }, effects);
    }

    /// Applies the suggested tag to its section and runs the query again.
    pub(crate) fn accept_suggestion(&mut self, effects: &mut Vec<Effect>) {
        let Some(screen) = &self.results else { return };
        let rows = screen.wrapped_rows().iter().skip(screen.list.selected());
        let suggested = rows.take(2).find_map(|row| Some((row.suggestion.clone()?, row.source.clone()?)));
        let section = |source: &SpeechSpan, reader: &ReaderScreen| {
            let document = reader.document();
            document.outline.iter().find(|(_, section)| section.span == source.span).map(|(id, _)| id)
        };
        let target = suggested.and_then(|(suggestion, source)| {
            let reader = self.reader.as_ref().filter(|reader| reader.origin.path == source.path)?;
            Some((suggestion, section(&source, reader)?, source))
        });
        let Some((suggestion, id, source)) = target else {
            self.status = Some(StatusMessage::hint(notice::NOTHING_TO_CHOOSE));
            return;
        };
        let tag = self.reader.as_ref().and_then(|reader| reader.annotations.codebook().refer(&suggestion.tag).ok());
        let tags = tag.into_iter().collect();
        effects.push(Effect::Annotate(vec![pizhu_annotation::Edit::Tag { target: pizhu_annotation::Target::Section(id), tags }]));
        self.status = Some(StatusMessage::done(notice::TAGGED).with("tags", suggestion.tag.clone()).with("count", 1));
        self.run_query_with_feedback(vec![SuggestionFeedback { source, suggestion, accepted: true }], effects);
    }

    /// Refuses the suggested tag (on a section's row, all tags suggested for it), which is then not
    /// suggested there again.
    pub(crate) fn refuse_suggestion(&mut self, effects: &mut Vec<Effect>) {
        let Some(screen) = &self.results else { return };
        let rows = &screen.wrapped_rows()[screen.list.selected().min(screen.wrapped_rows().len())..];
        let refused: Vec<SuggestionFeedback> = match rows.first() {
            Some(row) if row.suggestion.is_some() => rows[..1].iter().filter_map(refusal).collect(),
            Some(_) => rows[1..].iter().take_while(|row| row.suggestion.is_some()).filter_map(refusal).collect(),
            None => Vec::new(),
        };
        if refused.is_empty() {
            self.status = Some(StatusMessage::hint(notice::NOTHING_TO_CHOOSE));
            return;
        }
        let tags: Vec<&str> = refused.iter().map(|feedback| feedback.suggestion.tag.as_str()).collect();
        self.status = Some(StatusMessage::done(notice::REFUSED).with("tags", tags.join("、")));
        self.run_query_with_feedback(refused, effects);
    }

    /// Leaves the results for the tags or counts they were opened from, the open speech or the library.
    pub(crate) fn leave_results(&mut self) {
        let results = self.results.take();
        let from_tags = results.as_ref().is_some_and(|results| results.from_tags);
        let from_memos = results.is_some_and(|results| results.from_memos);
        self.screen = match (&self.counts, &self.reader) {
            _ if from_memos && self.memos.is_some() => ScreenKind::Memos,
            _ if from_tags && self.tags.is_some() => ScreenKind::Tags,
            (Some(_), _) => ScreenKind::Counts,
            (None, Some(_)) => ScreenKind::Reader,
            (None, None) => ScreenKind::Library,
        };
        self.arrange();
    }

    /// Asks for the file to export the passages to.
    pub(crate) fn prompt_export_passages(&mut self, path: Option<&str>) {
        let Some(ResultsScreen { subject: QuerySubject::Tagged { tag, .. }, .. }) = &self.results else {
            self.status = Some(StatusMessage::hint(notice::NOTHING_TO_EXPORT));
            return;
        };
        let mut prompt = Prompt::new(PromptKind::ExportPassages, 0);
        prompt.input.set(&path.map_or_else(|| format!("{tag}.md"), str::to_owned));
        self.overlay = Some(Overlay::Prompt(prompt));
    }

    /// Exports the passages, in their order.
    pub(in crate::tui) fn export_passages(&mut self, path: &str, overwrite: bool, effects: &mut Vec<Effect>) {
        let (files, stamps) = self.query_files();
        let Some(screen) = &self.results else { return };
        effects.push(Effect::ExportPassages {
            query: Box::new(LibraryQuery {
                generation: self.last_query,
                subject: screen.subject.clone(),
                input: String::new(),
                mode: screen.mode,
                files,
                feedback: Vec::new(),
                fingerprints: stamps,
            }),
            path: PathBuf::from(path),
            overwrite,
        });
    }
}

fn refusal(row: &ResultRow) -> Option<SuggestionFeedback> {
    Some(SuggestionFeedback { source: row.source.clone()?, suggestion: row.suggestion.clone()?, accepted: false })
}

fn perform_jump(reader: &mut ReaderScreen, span: Span, words: Option<(String, MatchMode)>, effects: &mut Vec<Effect>) {
    reader.resume_at(span.start);
    if reader.document().is_final {
        reader.viewport.align(Align::Middle);
    }
    if let Some((words, mode)) = words {
        let document = reader.viewport.document().clone();
        effects.extend(reader.search.start_in_mode(mode, &words, span.start, &document));
    }
}
