//! The fields of the front matter.

use crate::text::Span;
use std::sync::Arc;

/// One field of the front matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FrontField {
    /// Its text, cleaned.
    pub text: Arc<str>,
    /// Its chars in the source.
    pub span: Span,
}

/// The front matter of a speech but for its title and date. A field is `None` where the text does not
/// give it.
///
/// ```
/// use pizhu_text::document::{Hints, parse};
/// use pizhu_text::text::SourceText;
///
/// let text = "在青禾县会议上的讲话\n青禾县县长　张三\n（2024年3月1日）\n同志们：\n今年任务更重，大家要抓紧。\n";
/// let document = parse(SourceText::from(text), &Hints::default());
/// let front = &document.metadata.front;
/// assert_eq!(front.speaker.as_ref().map(|field| &*field.text), Some("张三"));
/// assert_eq!(front.office.as_ref().map(|field| document.quote(field.span)).as_deref(), Some("青禾县县长"));
/// assert_eq!(front.occasion.as_ref().map(|field| &*field.text), Some("青禾县会议"));
/// assert_eq!(front.addressees.as_ref().map(|field| &*field.text), Some("同志们"));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FrontMatter {
    /// The line under the title that begins with a dash: `——2024年3月1日在…会议上`, without the dash.
    pub subtitle: Option<FrontField>,
    /// The name of who speaks, or of the author.
    pub speaker: Option<FrontField>,
    /// The speaker's office: `青禾县县长`.
    pub office: Option<FrontField>,
    /// The meeting or ceremony at which the speech was given.
    pub occasion: Option<FrontField>,
    /// Where it was given.
    pub place: Option<FrontField>,
    /// The document number: `青政发〔2024〕12号`.
    pub number: Option<FrontField>,
    /// Whom it addresses: the salutation without its colon.
    pub addressees: Option<FrontField>,
    /// The name or office that signs, without the date.
    pub signature: Option<FrontField>,
}

impl FrontMatter {
    /// The fields with their names, in the order in which they are written.
    ///
    /// ```
    /// use pizhu_text::document::FrontMatter;
    ///
    /// let names = FrontMatter::default().fields().map(|(name, _)| name);
    /// assert_eq!(names, ["subtitle", "speaker", "office", "occasion", "place", "number", "addressees", "signature"]);
    /// ```
    #[must_use]
    pub fn fields(&self) -> [(&'static str, Option<&FrontField>); 8] {
        [
            ("subtitle", self.subtitle.as_ref()),
            ("speaker", self.speaker.as_ref()),
            ("office", self.office.as_ref()),
            ("occasion", self.occasion.as_ref()),
            ("place", self.place.as_ref()),
            ("number", self.number.as_ref()),
            ("addressees", self.addressees.as_ref()),
            ("signature", self.signature.as_ref()),
        ]
    }
}
