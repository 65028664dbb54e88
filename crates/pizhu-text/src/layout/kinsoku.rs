//! Kinsoku (避头尾): the marks that must not begin or end a row.
//!
//! The rules are those of GB/T 15834 and of the W3C's Requirements for Chinese Text Layout (CLREQ),
//! extended to the half-width marks that occur between hanzi.

/// Strictness of the rule for the start of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, serde::Serialize, serde::Deserialize)]
pub enum KinsokuStrictness {
    /// No row begins with a pause or stop, a closing mark, a middle dot, a connector, an iteration
    /// mark or small kana.
    #[default]
    Strict,
    /// Middle dots, connectors, iteration marks and small kana may begin a row.
    Loose,
}

/// Punctuation class of a character for line breaking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum PunctClass {
    /// Not punctuation: letters, hanzi, digits, symbols.
    Letter,
    /// An opening bracket or quote: never ends a row.
    Opening,
    /// A closing bracket or quote: never begins a row.
    Closing,
    /// A pause or stop, or a unit sign such as %: never begins a row.
    Stop,
    /// A middle dot, connector or iteration mark: does not begin a row if kinsoku is strict.
    Middle,
    /// A dash; two make a pair (——).
    Dash,
    /// An ellipsis; two make a pair (……). Never begins a row.
    Ellipsis,
}

impl PunctClass {
    /// The class of `c`; a quote without direction (`"`, `'`) must be resolved first.
    pub(super) fn from_char(c: char) -> Self {
        match c {
            '（' | '《' | '「' | '『' | '【' | '〈' | '“' | '‘' | '〔' | '［' | '｛' | '〖' | '〘' | '〚' | '〝' | '｢' | '｟' | '('
            | '[' | '{' | '«' | '‹' | '⟨' | '⟪' | '‚' | '„' | '﹁' | '﹃' | '︵' | '﹙' | '﹛' | '﹝' => Self::Opening,
            '）' | '》' | '」' | '』' | '】' | '〉' | '”' | '’' | '〕' | '］' | '｝' | '〗' | '〙' | '〛' | '〞' | '〟' | '｣' | '｠'
            | ')' | ']' | '}' | '»' | '›' | '⟩' | '⟫' | '﹂' | '﹄' | '︶' | '﹚' | '﹜' | '﹞' => Self::Closing,
            '，' | '。' | '、' | '；' | '：' | '？' | '！' | '．' | '｡' | '､' | ',' | '.' | ';' | ':' | '?' | '!' | '‼' | '⁇' | '⁈'
            | '⁉' | '﹐' | '﹑' | '﹒' | '﹔' | '﹕' | '﹖' | '﹗' | '％' | '%' | '‰' | '‱' | '℃' | '℉' | '°' | '′' | '″' => {
                Self::Stop
            }
            '·' | '・' | '･' | '•' | '‧' | '～' | '〜' | '∼' | '–' | '‐' | '‑' | '／' | '々' | '〻' | 'ー' | 'ゝ' | 'ゞ' | 'ヽ' | 'ヾ'
            | 'ぁ' | 'ぃ' | 'ぅ' | 'ぇ' | 'ぉ' | 'っ' | 'ゃ' | 'ゅ' | 'ょ' | 'ゎ' | 'ァ' | 'ィ' | 'ゥ' | 'ェ' | 'ォ' | 'ッ' | 'ャ'
            | 'ュ' | 'ョ' | 'ヮ' | 'ヵ' | 'ヶ' => Self::Middle,
            '—' | '―' | '─' | '－' | '⸺' => Self::Dash,
            '…' | '‥' | '⋯' => Self::Ellipsis,
            _ => Self::Letter,
        }
    }

    /// Whether a row must not begin with a mark of this class.
    pub(super) fn forbids_row_start(self, kinsoku: KinsokuStrictness) -> bool {
        match self {
            Self::Closing | Self::Stop | Self::Ellipsis => true,
            Self::Middle => kinsoku == KinsokuStrictness::Strict,
            Self::Letter | Self::Opening | Self::Dash => false,
        }
    }

    /// Whether a row must not end with a mark of this class.
    pub(super) fn forbids_row_end(self) -> bool {
        self == Self::Opening
    }
}

/// Whether a mark at the end of a row may hang outside the column.
pub(super) fn can_hang(c: char) -> bool {
    matches!(c, '，' | '。' | '、' | '；' | '：' | '！' | '？' | '．' | ',' | '.' | ';' | ':' | '!' | '?')
}
