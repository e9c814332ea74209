use super::arabic::without_article;
use super::*;

/// Pairs of related words of local government: what one is asked by and the other is written as.
const RELATED: [(&str, &str); 60] = [
    ("ميزانية", "الميزانية"),
    ("ميزانية", "ميزانيات"),
    ("ميزانية", "بالميزانية"),
    ("جماعة", "الجماعات"),
    ("جماعة", "للجماعة"),
    ("جماعي", "الجماعية"),
    ("تشاركي", "التشاركية"),
    ("تشاركية", "والتشاركية"),
    ("مواطن", "المواطنين"),
    ("مواطن", "المواطنون"),
    ("مواطن", "المواطنات"),
    ("مواطن", "للمواطن"),
    ("منتخب", "المنتخبين"),
    ("منتخب", "المنتخبات"),
    ("موظف", "الموظفين"),
    ("موظف", "موظفون"),
    ("جمعية", "الجمعيات"),
    ("جمعية", "بالجمعيات"),
    ("جهة", "بالجهات"),
    ("جهوي", "الجهوية"),
    ("إقليم", "الإقليمية"),
    ("إقليم", "بالإقليم"),
    ("شفافية", "الشفافية"),
    ("شفافية", "وشفافيتها"),
    ("معلومة", "المعلومات"),
    ("معلومة", "للمعلومات"),
    ("هيئة", "الهيئات"),
    ("هيئة", "وهيئاتها"),
    ("استشارة", "الاستشارات"),
    ("استشاري", "الاستشارية"),
    ("برنامج", "البرنامج"),
    ("برنامج", "برنامجها"),
    ("برنامج", "وبرنامجهم"),
    ("منصة", "المنصات"),
    ("منصة", "بمنصتها"),
    ("لقاء", "اللقاءات"),
    ("لقاء", "باللقاء"),
    ("ورشة", "الورشات"),
    ("ورشة", "ورشتين"),
    ("رقمي", "الرقمية"),
    ("رقمنة", "الرقمنة"),
    ("بوابة", "البوابات"),
    ("مسؤول", "المسؤولين"),
    ("مسؤولية", "والمسؤولية"),
    ("التزام", "الالتزامات"),
    ("التزام", "بالتزاماتها"),
    ("خدمة", "الخدمات"),
    ("خدمة", "خدماتها"),
    ("تقييم", "والتقييم"),
    ("مقترح", "مقترحات"),
    ("شاب", "الشباب"),
    ("مشروع", "المشاريع"),
    ("مجلس", "المجالس"),
    ("لجنة", "اللجان"),
    ("صفقة", "صفقات"),
    ("قرار", "القرارات"),
    ("تقرير", "التقارير"),
    ("عريضة", "العرائض"),
    ("إقليم", "الأقاليم"),
    ("مبدأ", "مبادئ"),
];

/// Pairs that look alike and are not about the same thing.
const UNRELATED: [(&str, &str); 23] = [
    ("جماعة", "جمعية"),
    ("ميزانية", "ميثاق"),
    ("مجلس", "جلسة"),
    ("مشاركة", "شركة"),
    ("شراكة", "شرطة"),
    ("عامل", "عمل"),
    ("حكامة", "محكمة"),
    ("مواطن", "وطن"),
    ("مدينة", "مدني"),
    ("تقرير", "قرار"),
    ("محور", "حوار"),
    ("مبادرة", "مبدأ"),
    ("جهة", "جهد"),
    ("قرية", "قراءة"),
    ("تنمية", "تنظيم"),
    ("ماء", "مال"),
    ("رقابة", "رقمنة"),
    ("تشاور", "تشاؤم"),
    ("عقار", "عقوبة"),
    ("بيئة", "بيت"),
    ("صحة", "صحافة"),
    ("انفتاح", "افتتاح"),
    ("ولوج", "وجه"),
];

fn terms(language: Language, text: &str) -> Vec<String> {
    Analyser::new(language).terms(text).into_iter().map(|token| token.text.as_ref().to_owned()).collect()
}

fn folded(word: &str) -> String {
    let mut word = word.to_owned();
    fold(&mut word);
    word
}

fn are_joined(a: &str, b: &str) -> bool {
    terms(Language::Arabic, a) == terms(Language::Arabic, b)
}

#[test]
fn arabic_words_that_belong_together_share_a_term() {
    let apart: Vec<_> = RELATED.iter().filter(|(a, b)| !are_joined(a, b)).collect();
    assert!(RELATED.len() - apart.len() >= 50, "{} of {} apart: {apart:?}", apart.len(), RELATED.len());
}

#[test]
fn arabic_words_that_only_look_alike_do_not() {
    let joined: Vec<_> = UNRELATED.iter().filter(|(a, b)| are_joined(a, b)).collect();
    assert!(joined.is_empty(), "{joined:?}");
}

#[test]
fn arabic_words_that_differ_by_an_ending_alone_are_joined_as_by_any_light_stemmer() {
    for (a, b) in [("منطقة", "منطق"), ("مكتبة", "مكتب")] {
        assert!(are_joined(a, b), "{a} {b}");
    }
}

#[test]
fn spellings_of_one_arabic_word_are_one() {
    for forms in [
        &["الإنفتاح", "الانفتاح", "اَلِانْفِتَاح", "الانفـــتاح", "الٱنفتاح"][..],
        &["مستشفى", "مستشفي", "مستشفی"],
        &["جماعة", "جماعه"],
        &["أكادير", "اكادير", "أڭادير", "آكادير"],
        &["مسؤول", "مسوول"],
        &["٣١", "31", "۳۱"],
        &["ﺟﻤﺎﻋﺔ", "جماعة"],
        &["جما\u{200d}عة", "جماعة\u{200f}"],
    ] {
        let all: std::collections::BTreeSet<String> = forms.iter().map(|form| folded(form)).collect();
        assert_eq!(all.len(), 1, "{forms:?}: {all:?}");
    }
}

#[test]
fn a_short_word_keeps_its_letters() {
    for word in ["الله", "وال", "بال", "ماء", "حي", "جهة"] {
        assert!(terms(Language::Arabic, word).iter().all(|term| term.chars().count() >= 2), "{word}");
    }
    assert_eq!(without_article("الان"), "الان");
    assert_eq!(without_article("الحسيمه"), "حسيمه");
}

#[test]
fn french_is_found_with_and_without_its_accents() {
    let all = |text: &str| terms(Language::French, text);
    assert_eq!(all("l’eau d'irrigation"), ["eau", "irrig"]);
    for (typed, written) in [
        ("securite", "sécurité"),
        ("qualite", "qualités"),
        ("elus", "Élus"),
        ("communaute", "communautés"),
        ("developpement", "développements"),
    ] {
        assert!(all(typed).iter().any(|term| all(written).contains(term)), "{typed} {written}");
    }
    assert_eq!(all("budgets participatifs"), all("budget participatif"));
    assert!(all("de la et aux").is_empty());
}

#[test]
fn english_is_stemmed_and_tifinagh_is_read_in_latin_letters() {
    assert_eq!(terms(Language::English, "The budgets"), terms(Language::English, "budget"));
    assert_eq!(terms(Language::Other, "ⵜⴰⵎⴰⵣⵉⵖⵜ"), terms(Language::Other, "Tamaziɣt"));
    assert_eq!(terms(Language::Other, "aḍar"), ["adar"]);
}

#[test]
fn terms_know_where_their_words_stand() {
    let text = "  L’accès à l’information";
    let tokens = Analyser::new(Language::French).terms(text);
    let words: Vec<&str> = tokens.iter().map(|token| &text[token.range.clone()]).collect();
    assert_eq!(words.first(), Some(&"accès"));
    assert_eq!(words.last(), Some(&"information"));
}

#[test]
fn what_is_no_word_makes_no_term() {
    let long = "x".repeat(4_096);
    for text in ["", " \u{200f} ", "🙂🙃", "+-*/ && ||", "\u{301}\u{301}", &long] {
        for language in Language::ALL {
            assert_eq!(terms(language, text), Vec::<String>::new(), "{text:.20}");
        }
    }
    let marks = format!("a{}", "\u{301}".repeat(40));
    assert_eq!(terms(Language::Other, &marks), ["a"]);
}
