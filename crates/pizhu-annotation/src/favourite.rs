//! Speeches that their readers want at hand.

use super::record::{Record, RecordId, RecordSet};

impl RecordSet {
    /// The authors who want the speech at hand.
    pub fn favourite_of(&self) -> impl Iterator<Item = &str> {
        self.records().values().filter(|entry| entry.record == Record::Favourite).map(|entry| entry.author.as_str())
    }

    /// Makes the speech a favourite of `author`, or no longer.
    ///
    /// ```
    /// use pizhu_annotation::RecordSet;
    ///
    /// let mut records = RecordSet::default();
    /// records.set_favourite("甲", true);
    /// records.set_favourite("乙", true);
    /// records.set_favourite("甲", false);
    /// assert_eq!(records.favourite_of().collect::<Vec<_>>(), ["乙"]);
    /// ```
    pub fn set_favourite(&mut self, author: &str, is_favourite: bool) {
        if is_favourite {
            // One for an author, whichever machine it was made on.
            self.put(RecordId::from_content(format!("favourite {author}").as_bytes()), author, Record::Favourite);
            return;
        }
        let is_own = |entry: &super::record::RecordEntry| entry.record == Record::Favourite && entry.author == author;
        let own: Vec<RecordId> = self.records().iter().filter(|(_, entry)| is_own(entry)).map(|(id, _)| *id).collect();
        for id in own {
            self.remove(id);
        }
    }
}
