//! What a tag or a note is about to be put on, for the head of the window it is chosen or written
//! in.

use super::{Draft, Overlay, tagging::TagTarget};
use pizhu_annotation::AnnotationId;
use pizhu_annotation::Target;
use crate::tui::state::Reader;
use crate::tui::state::State;

/// Chars of a passage that are named.
const QUOTED: usize = 40;

/// What something is put on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    /// A section, by its number and title.
    Section(String),
    /// A passage, by how it begins.
    Passage(String),
    /// So many places.
    Places(usize),
}

impl State {
    /// What the tags being chosen or the note being written are for.
    #[must_use]
    pub fn about(&self) -> Option<About> {
        let reader = self.reader.as_ref()?;
        match self.overlay.as_ref()? {
            Overlay::Picking(picking) => match &picking.on {
                TagTarget::Places(places) if places.len() > 1 => Some(About::Places(places.len())),
                TagTarget::Places(places) => places.first().and_then(|place| reader.about(*place)),
                TagTarget::Annotation(id) => reader.about_annotation(*id),
            },
            Overlay::Editor(editor) => match editor.draft {
                Draft::New(place) => reader.about(place),
                Draft::Old(id) => reader.about_annotation(id),
                Draft::Homeless => None,
            },
            _ => None,
        }
    }
}

impl Reader {
    fn about(&self, place: Target) -> Option<About> {
        match place {
            Target::Section(id) => {
                let section = self.document().outline.get(id)?;
                Some(About::Section(format!("{}{}", section.marker_text, section.shown_title())))
            }
            Target::Passage(span) => {
                let text = self.document().text(span);
                let mut words: String = text.trim().chars().filter(|c| *c != '\n').take(QUOTED).collect();
                if text.trim().chars().count() > QUOTED {
                    words.push('…');
                }
                Some(About::Passage(words))
            }
        }
    }

    fn about_annotation(&self, id: AnnotationId) -> Option<About> {
        self.about(self.notes.get(id)?.target()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::scene::SPEECH;
    use crate::tui::scene::Scene;

    fn about(keys: &str) -> Option<About> {
        let mut scene = Scene::reading(SPEECH, 80, 24);
        scene.keys("]s");
        scene.keys(keys);
        scene.state.about()
    }

    #[test]
    fn it_is_named_what_is_tagged_or_noted() {
        let section = About::Section("一、肯定成绩，增强做好组织工作的信心".to_owned());
        assert_eq!(about("t"), Some(section.clone()));
        assert_eq!(about("a"), Some(section.clone()));
        assert_eq!(about("a写<C-s>E"), Some(section));
        let sentence = About::Passage("过去一年，全县组织工作有声有色，干部队伍建设得到加强。".to_owned());
        assert_eq!(about("}st"), Some(sentence.clone()));
        assert_eq!(about("}sa"), Some(sentence));
        assert_eq!(about("/支部<Enter>gt"), Some(About::Places(3)));
        let Some(About::Passage(long)) = about("}Va") else { panic!("a paragraph") };
        assert!(long.ends_with('…') && long.chars().count() == QUOTED + 1);
        assert_eq!(about(""), None);
    }
}
