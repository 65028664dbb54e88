//! Ids of messages, checked by the compiler: the constants are generated from `en.ftl` by `build.rs`.

/// Id of a message that exists.
///
/// [`id::TAGS_NONE`](id) is the message `tags-none`, [`notice::NOT_FOUND`](notice) the message
/// `notice-not-found` of the status line.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct MessageId(&'static str);

impl MessageId {
    /// The id as it is written in the `.ftl` files.
    pub(crate) fn as_str(self) -> &'static str {
        self.0
    }
}

impl std::fmt::Debug for MessageId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}

/// Messages whose ids begin alike and end with a name that is known only at run time: the
/// descriptions of commands (`command-…`), the names of formats (`format-…`).
#[derive(Debug, Clone, Copy)]
pub(crate) struct Family(&'static str);

impl Family {
    /// The message of the member called `name`, if there is one.
    pub(crate) fn find(self, name: &str) -> Option<MessageId> {
        let order = |id: &&str| match id.strip_prefix(self.0) {
            Some(member) => member.cmp(name),
            None => (**id).cmp(self.0),
        };
        IDS.binary_search_by(order).ok().map(|at| MessageId(IDS[at]))
    }

    /// The message of the member called `name`: an empty one if there is none, which tests rule out.
    pub(crate) fn id(self, name: &str) -> MessageId {
        self.find(name).unwrap_or(MessageId(""))
    }
}

include!(concat!(env!("OUT_DIR"), "/message_ids.rs"));

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::command::COMMANDS;
    use pizhu_library::{attributes::FOUND_KEYS, exchange::FORMATS};
    use std::collections::BTreeSet;

    /// Families that are used with all names of a set, which has no list of its own in the code.
    const NAMES: [(Family, &str); 15] = [
        (family::AGREE_UNIT, "section paragraph sentence char section-coded paragraph-coded sentence-coded char-coded"),
        (family::ATTR_TYPE, "text number date"),
        (family::BASKET_STATE, "changed review orphaned missing outside"),
        (family::CONSENSUS_BY, "section paragraph sentence"),
        (family::CONSENSUS_UNIT, "section paragraph sentence"),
        (family::COUNT_BY, "speech year level together attribute"),
        (family::DISTRUST, "owner writable link"),
        (family::IMPORT_LOST, "source selection code coding case value set link graph note transcript"),
        (family::IRREGULAR, "link folder fifo socket device large"),
        (family::KIND, "pdf old-office docx odt epub rtf html image media archive program database utf32 binary"),
        (family::LANGUAGE, "zh-Hans zh-Hant en"),
        (family::MEMO_KIND, "project tag speech section passage"),
        (family::OUTLINE_CHANGE, "promote demote no-heading heading title"),
        (
            family::REPORT,
            "heading made speeches annotations authors chosen memos counts codebook agreement quotations title date file bars years \
             first-only figures no-tags keywords untagged nothing whole-speech unplaced more agreement-over units pairs percent \
             disagreements",
        ),
        (family::SEARCH_MODE, "folded pinyin literal regex"),
    ];

    fn members(family: Family) -> BTreeSet<&'static str> {
        IDS.iter().filter_map(|id| id.strip_prefix(family.0)).collect()
    }

    #[test]
    fn families_have_the_members_that_are_used() {
        for (family, names) in NAMES {
            assert_eq!(members(family), names.split_whitespace().collect(), "{family:?}");
        }
        assert_eq!(members(family::ATTRIBUTE), FOUND_KEYS.into());
        assert_eq!(members(family::FORMAT), FORMATS.iter().map(|format| format.name).collect());
        let topics: BTreeSet<&str> = COMMANDS.iter().map(|topic| topic.name).collect();
        assert_eq!(members(family::TOPIC), topics);
        let commands: BTreeSet<&str> = COMMANDS.iter().flat_map(|topic| topic.commands).map(|command| command.spec.name).collect();
        assert_eq!(members(family::COMMAND), commands);
        assert!(members(family::WORDS).is_subset(&commands));
    }

    #[test]
    fn members_of_a_family_are_found_by_name() {
        assert_eq!(family::COMMAND.find("quit").map(MessageId::as_str), Some("command-quit"));
        assert_eq!(family::COMMAND.find("no-such-command"), None);
        assert_eq!(family::AGREE_UNIT.id("section-coded").as_str(), "agree-unit-section-coded");
    }
}
