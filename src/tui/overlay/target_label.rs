//! Labels of the target of a tag or note, for the title of the tag picker or note editor.

use crate::tui::state::ReaderScreen;
use pizhu_annotation::AnnotationId;
use pizhu_annotation::Target;

/// Maximum chars of a passage in a label.
const MAX_QUOTE_CHARS: usize = 40;

/// Label of an annotation's target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum TargetLabel {
    /// A section, by its number and title.
    Section(String),
    /// A passage, by its beginning.
    Passage(String),
    /// The whole speech, by its title.
    Speech(String),
    /// A tag, by its name.
    Tag(String),
    /// Several targets, by their number.
    Several(usize),
}

impl ReaderScreen {
    pub(in crate::tui) fn label_of_target(&self, target: Target) -> Option<TargetLabel> {
        match target {
            Target::Speech => {
                let title = self.document().metadata.title.as_deref().unwrap_or_default();
                Some(TargetLabel::Speech(title.replace('\n', " ")))
            }
            Target::Section(id) => {
                let section = self.document().outline.get(id)?;
                Some(TargetLabel::Section(format!("{}{}", section.marker_text, section.display_title())))
            }
            Target::Passage(span) => {
                let text = self.document().text(span);
                let mut words: String = text.trim().chars().filter(|c| *c != '\n').take(MAX_QUOTE_CHARS).collect();
                if text.trim().chars().count() > MAX_QUOTE_CHARS {
                    words.push('…');
                }
                Some(TargetLabel::Passage(words))
            }
        }
    }

    pub(in crate::tui) fn label_of_annotation(&self, id: AnnotationId) -> Option<TargetLabel> {
        self.label_of_target(self.annotations.get(id)?.target()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::test_harness::SPEECH;
    use crate::tui::test_harness::Scene;

    fn label_after(keys: &str) -> Option<TargetLabel> {
        let mut scene = Scene::reading(SPEECH, 80, 24);
        scene.keys("]s");
        scene.keys(keys);
        scene.state.target_label()
    }

    #[test]
    fn labels_of_targets() {
        let section = TargetLabel::Section("一、肯定成绩，增强做好组织工作的信心".to_owned());
        assert_eq!(label_after("t"), Some(section.clone()));
        assert_eq!(label_after("a"), Some(section.clone()));
        assert_eq!(label_after("a写<C-s>E"), Some(section));
        let sentence = TargetLabel::Passage("过去一年，全县组织工作有声有色，干部队伍建设得到加强。".to_owned());
        assert_eq!(label_after("}st"), Some(sentence.clone()));
        assert_eq!(label_after("}sa"), Some(sentence));
        // Of three hits in two sentences and two sections.
        assert_eq!(label_after("/支部<Enter>gt<Enter>"), Some(TargetLabel::Several(2)));
        assert_eq!(label_after("/支部<Enter>gt<Down><Enter>"), Some(TargetLabel::Several(2)));
        assert_eq!(label_after("/支部<Enter>gt<Down><Down><Enter>"), Some(TargetLabel::Several(3)));
        let Some(TargetLabel::Passage(long)) = label_after("}Va") else { panic!("a paragraph") };
        assert!(long.ends_with('…') && long.chars().count() == MAX_QUOTE_CHARS + 1);
        assert_eq!(label_after(""), None);
        // The title and what else comes before the first section stand for the speech.
        let speech = TargetLabel::Speech("在青禾县组织工作推进会的讲话".to_owned());
        for keys in ["ggt", "gga", "gga写<C-s>E", "ggjjt"] {
            assert_eq!(label_after(keys), Some(speech.clone()), "{keys}");
        }
    }
}
