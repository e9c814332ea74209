//! One folding for all scripts: what is typed without marks finds what is written with them.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Folds a word: small letters without marks; of Arabic the forms of alef, of ya, of the hamza's seats and
/// the ta marbuta made one, no vowel signs and no tatweel; Tifinagh in Latin letters; Western digits.
///
/// The decomposition (NFKD) takes most marks off: أ is alef and a mark, é is e and a mark, and it undoes
/// presentation forms.
pub(in crate::index) fn fold(word: &mut String) {
    if word.is_ascii() {
        word.make_ascii_lowercase();
        return;
    }
    let mut folded = String::with_capacity(word.len());
    for letter in word.nfkd().filter(|letter| !is_dropped(*letter)).flat_map(char::to_lowercase) {
        match other_form(letter) {
            Some(form) => folded.push_str(form),
            None => folded.push(letter),
        }
    }
    *word = folded;
}

/// Tells whether a character says nothing: marks, the tatweel, what directs or joins.
fn is_dropped(letter: char) -> bool {
    is_combining_mark(letter) || is_format(letter) || matches!(letter, '\u{640}' | '\u{2d6f}')
}

/// Tells whether a character only directs, joins or divides what is shown: it belongs to no word.
pub(super) const fn is_format(letter: char) -> bool {
    matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2069}' | '\u{61c}' | '\u{feff}')
}

const fn other_form(letter: char) -> Option<&'static str> {
    Some(match letter {
        'ٱ' => "ا",
        'ى' | 'ی' | 'ې' => "ي",
        'ة' | 'ۀ' | 'ہ' | 'ە' => "ه",
        'ک' | 'ڪ' | 'گ' | 'ڭ' => "ك",
        'ڤ' | 'ڥ' => "ف",
        'پ' => "ب",
        'چ' => "ج",
        '٠' | '۰' => "0",
        '١' | '۱' => "1",
        '٢' | '۲' => "2",
        '٣' | '۳' => "3",
        '٤' | '۴' => "4",
        '٥' | '۵' => "5",
        '٦' | '۶' => "6",
        '٧' | '۷' => "7",
        '٨' | '۸' => "8",
        '٩' | '۹' => "9",
        'œ' => "oe",
        'æ' => "ae",
        'ß' => "ss",
        'ø' => "o",
        'ł' => "l",
        'ı' => "i",
        'ɛ' | 'ε' | 'ⵄ' => "e",
        'ɣ' | 'γ' | 'ⵖ' => "gh",
        // Tifinagh, as the Royal Institute of the Amazigh Culture writes it in Latin letters, without dots.
        'ⴰ' => "a",
        'ⴱ' => "b",
        'ⴳ' => "g",
        'ⴷ' | 'ⴹ' => "d",
        'ⴻ' => "e",
        'ⴼ' => "f",
        'ⴽ' => "k",
        'ⵀ' | 'ⵃ' => "h",
        'ⵅ' => "x",
        'ⵇ' => "q",
        'ⵉ' => "i",
        'ⵊ' => "j",
        'ⵍ' => "l",
        'ⵎ' => "m",
        'ⵏ' => "n",
        'ⵓ' => "u",
        'ⵔ' | 'ⵕ' => "r",
        'ⵙ' | 'ⵚ' => "s",
        'ⵛ' => "c",
        'ⵜ' | 'ⵟ' => "t",
        'ⵡ' => "w",
        'ⵢ' => "y",
        'ⵣ' | 'ⵥ' => "z",
        _ => return None,
    })
}
