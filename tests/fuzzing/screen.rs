//! A speech of anyone's making on the screen of the reader: what is sent to the terminal is text
//! and the sequences that the program means to send, nothing else.

use pizhu_text::document;
use pizhu_text::document::Hints;
use pizhu_text::layout;
use pizhu_text::layout::Style;
use pizhu::locale::Language;
use pizhu::locale::Locale;
use pizhu::settings::Settings;
use pizhu_text::text::decode;
use pizhu_text::text::width::Ambiguous;
use pizhu::tui::command::key::parse_sequence;
use pizhu::tui::command::keymap::Keymap;
use pizhu::tui::effect::Event;
use pizhu::tui::state::Library;
use pizhu::tui::state::Origin;
use pizhu::tui::state::Reader;
use pizhu::tui::state::Size;
use pizhu::tui::state::State;
use pizhu_terminal::Colors;
use pizhu_terminal::Screen;
use pizhu_terminal::Widths;
use pizhu::tui::theme::Theme;
use pizhu::tui::update::update;
use pizhu::tui::view;
use pizhu::tui::view::Face;
use pizhu::tui::widget::Look;
use std::sync::Arc;

/// Keys that bring every kind of row and pane on the screen.
const KEYS: [&str; 10] = ["j", "<C-d>", "vj", "<Esc>", "G", "gg", "o", "/一", "<Enter>", "?"];

/// Decodes, cleans, parses, lays out and draws `bytes`; the first decide the screen.
pub fn screen(bytes: &[u8]) {
    let [first, second, text @ ..] = bytes else { return };
    let widths = [Widths::Unknown, Widths::Narrow, Widths::Wide][usize::from(first % 3)];
    let size = Size { width: 20 + u16::from(*second) % 120, height: 6 + u16::from(*first) % 40 };
    let document = document::parse(decode::decode(text, None).source, &Hints::default());
    let style = Style { width: 8 + u16::from(*second) % 60, ambiguous: widths.ambiguous(), hanging: second % 2 == 0, ..Style::default() };
    for (index, paragraph) in document.paragraphs.iter().enumerate() {
        for segment in layout::segments(&document, index) {
            for row in layout::lay_out(&document, segment, paragraph.kind, &style) {
                assert!(row.width() <= style.width + if style.hanging { 2 } else { 0 });
            }
        }
    }
    let Ok(keymap) = Keymap::from_table() else { return };
    let settings = Settings { column_width: style.width / 2, ..Settings::default() };
    let mut state = State::new(size, keymap, Library::default(), settings);
    state.setting.style.ambiguous = style.ambiguous;
    state.opened = 1;
    let origin = Origin { path: "a\u{1b}[31m.txt".into(), encoding: "UTF-8", ..Origin::default() };
    state.show(Reader::new(1, origin, Arc::new(document), state.setting.style, state.setting.spacing));
    let theme = Theme::built_in("dark").unwrap_or_else(|_| Theme::plain());
    let ambiguous = if widths == Widths::Narrow { Ambiguous::Narrow } else { Ambiguous::Wide };
    let face = Face { look: Look { theme: &theme, ambiguous }, locale: Locale::new(Language::default()), frames: true };
    let mut screen = Screen::new(Vec::new(), (size.width, size.height).into(), Colors::True, widths);
    for keys in KEYS {
        assert!(screen.draw(|buffer| view::draw(&state, face, buffer)).is_ok());
        for key in parse_sequence(keys).unwrap_or_default() {
            update(&mut state, Event::Key(key), &mut Vec::new());
        }
    }
    assert!(screen.draw(|buffer| view::draw(&state, face, buffer)).is_ok() && screen.probe().is_ok());
    check_sent(&String::from_utf8_lossy(screen.get_ref()));
}

/// Whether `sent` is text, colours, cursor, modes, scroll regions, and nothing else.
///
/// # Panics
/// Where it is not.
pub fn check_sent(sent: &str) {
    let mut rest = sent;
    while let Some(at) = rest.find(|c: char| c.is_control() || is_obeyed(c)) {
        let sequence = rest[at..].strip_prefix("\x1b[").unwrap_or_else(|| panic!("{:?} is sent", rest[at..].chars().next()));
        let end = sequence.find(|c: char| !matches!(c, '0'..='9' | ';' | '?')).unwrap_or(sequence.len());
        let (parameters, last) = (&sequence[..end], sequence[end..].chars().next());
        let allowed = match last {
            Some('h' | 'l') => matches!(parameters, "?2026" | "?25"),
            Some('m' | 'H' | 'r') => !parameters.contains('?'),
            Some('G' | 'S' | 'T') => parameters.bytes().all(|byte| byte.is_ascii_digit()),
            Some('K') => parameters.is_empty(),
            Some('n') => parameters == "6",
            _ => false,
        };
        assert!(allowed, "ESC [ {parameters} {last:?} is sent");
        rest = &sequence[end + 1..];
    }
}

/// Characters that a terminal may obey without being controls: those that change the direction of
/// writing or show nothing.
fn is_obeyed(c: char) -> bool {
    matches!(c, '\u{61C}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
}
