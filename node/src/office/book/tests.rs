use super::*;

fn book_with(people: &[(&str, Role)]) -> (Book, Vec<AccountId>) {
    let mut book = Book::default();
    let add = |(name, role): &(&str, Role)| {
        let id = book.add(name, *role, 1).unwrap();
        book.set_password(id, "kept".into()).unwrap();
        id
    };
    let ids = people.iter().map(add).collect();
    (book, ids)
}

#[test]
fn a_name_is_known_however_it_is_typed() {
    let (mut book, ids) = book_with(&[("  Fatima   Zahra ", Role::Author)]);
    assert_eq!(book.name_of(ids[0]).unwrap(), "Fatima Zahra");
    assert_eq!(book.named("fatima zahra"), Some(ids[0]));
    assert!(matches!(book.add("FATIMA ZAHRA", Role::Reader, 1), Err(AccountError::NameTaken)));
    for bad in ["", "   ", "a\u{7}b", &"م".repeat(LONGEST_NAME + 1)] {
        assert!(matches!(book.add(bad, Role::Reader, 1), Err(AccountError::BadName)), "{bad}");
    }
}

#[test]
fn an_office_holds_so_many_accounts() {
    let mut book = Book::default();
    for number in 0..MAX_ACCOUNTS {
        book.add(&number.to_string(), Role::Reader, 1).unwrap();
    }
    assert!(matches!(book.add("one more", Role::Reader, 1), Err(AccountError::Full)));
}

#[test]
fn the_last_administrator_stays_one() {
    let (mut book, ids) = book_with(&[("Said", Role::Administrator), ("Amina", Role::Publisher)]);
    for (role, is_active) in [(Role::Publisher, true), (Role::Administrator, false)] {
        assert!(matches!(book.set(ids[0], role, is_active), Err(AccountError::LastAdministrator)));
    }
    assert!(book.has_administrator());
    book.set(ids[1], Role::Administrator, true).unwrap();
    book.set(ids[0], Role::Reader, false).unwrap();
    // One who never chose a password could not look after it.
    let new = book.add("Karim", Role::Administrator, 1).unwrap();
    assert!(matches!(book.set(ids[1], Role::Reader, true), Err(AccountError::LastAdministrator)));
    book.set(new, Role::Reader, true).unwrap();
}

#[test]
fn a_link_opens_once_and_for_two_days_and_a_new_one_closes_it() {
    let (mut book, ids) = book_with(&[("Said", Role::Administrator)]);
    let purpose = Purpose::Password(ids[0]);
    let first = book.link(purpose, 1_000);
    assert_eq!(book.purpose(&first, 1_000 + LINK_LASTS - 1).unwrap(), purpose);
    assert!(matches!(book.purpose(&first, 1_000 + LINK_LASTS), Err(AccountError::BadLink)));
    let second = book.link(purpose, 2_000);
    assert!(book.purpose(&first, 2_000).is_err() && book.purpose(&second, 2_000).is_ok());
    book.use_up(purpose);
    assert!(book.purpose(&second, 2_000).is_err());
    assert!(book.purpose(&Secret::draw(), 2_000).is_err());
}

#[test]
fn nobody_becomes_administrator_by_an_old_link() {
    let mut book = Book::default();
    let link = book.link(Purpose::SetUp, 1);
    assert_eq!(book.purpose(&link, 1).unwrap(), Purpose::SetUp);
    let id = book.add("Said", Role::Administrator, 1).unwrap();
    book.set_password(id, "kept".into()).unwrap();
    assert!(book.purpose(&link, 1).is_err());
}

#[test]
fn what_is_kept_opens_nothing() {
    let (mut book, ids) = book_with(&[("Said", Role::Administrator)]);
    let link = book.link(Purpose::Password(ids[0]), 1);
    let token = book.add_token("Site", Role::Publisher, 1).unwrap();
    let file = serde_json::to_string(&book).unwrap();
    assert!(!file.contains(link.text()) && !file.contains(token.text()), "{file}");
    assert!(!format!("{book:?} {link:?} {token:?}").contains(token.text()));
    assert_eq!(book.token(&Secret::brought(token.text())).unwrap().name, "Site");
    assert!(matches!(book.add_token("All", Role::Administrator, 1), Err(AccountError::NoSuchRole)));
    let id = book.programs()[0].id;
    book.drop_token(id).unwrap();
    assert!(book.token(&token).is_none());
}
