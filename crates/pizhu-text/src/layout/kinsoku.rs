//! Kinsoku (避头尾): which marks may not begin a row and which may not end one.
//!
//! After GB/T 15834 and the W3C's Requirements for Chinese Text Layout, with the half-width
//! marks that speeches use between hanzi.

/// How strict the rule for beginnings of rows is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, serde::Serialize, serde::Deserialize)]
pub enum Kinsoku {
    /// No row begins with a pause, a stop, a closing mark, a separating dot, a connecting sign or
    /// an iteration mark.
    #[default]
    Strict,
    /// Separating dots, connecting signs, iteration marks and small kana may begin one.
    Loose,
}

/// What a character is to line breaking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mark {
    /// None of the following: letters, hanzi, digits, symbols.
    Letter,
    /// An opening bracket or quote: never ends a row.
    Opening,
    /// A closing bracket or quote: never begins a row.
    Closing,
    /// A pause or stop: never begins a row.
    Stop,
    /// A separating or connecting sign: begins no row where the rule is strict.
    Middle,
    /// A dash, of which two make one sign.
    Dash,
    /// An ellipsis, of which two make one sign: never begins a row.
    Ellipsis,
}

impl Mark {
    /// What `c` is; quotes without direction (`"`, `'`) must be resolved before.
    pub fn of(c: char) -> Self {
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

    /// Whether a row may not begin with it.
    pub fn begins_no_row(self, kinsoku: Kinsoku) -> bool {
        match self {
            Self::Closing | Self::Stop | Self::Ellipsis => true,
            Self::Middle => kinsoku == Kinsoku::Strict,
            Self::Letter | Self::Opening | Self::Dash => false,
        }
    }

    /// Whether a row may not end with it.
    pub fn ends_no_row(self) -> bool {
        self == Self::Opening
    }
}

/// Whether a mark at a row's end may stand outside the column.
pub fn hangs(c: char) -> bool {
    matches!(c, '，' | '。' | '、' | '；' | '：' | '！' | '？' | '．' | ',' | '.' | ';' | ':' | '!' | '?')
}
