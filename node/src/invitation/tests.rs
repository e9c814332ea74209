use super::*;

fn invitation() -> Invitation {
    let addresses = ["/ip4/192.0.2.7/tcp/4480", "/dns4/noeud.example.ma/udp/4480/quic-v1"];
    Invitation {
        network: NetworkId([7; 32]),
        charter: BodyHash([9; 32]),
        names: [("fr", "Réseau d'essai"), ("ar-MA", "شبكة"), ("zgh", "ⴰⵙⴳⴰ")].map(own).into(),
        addresses: addresses.map(|address| address.parse().unwrap()).into(),
    }
}

fn own((tag, name): (&str, &str)) -> (String, String) {
    (tag.to_owned(), name.to_owned())
}

#[test]
fn a_line_says_what_was_put_in() {
    let line = invitation().line();
    assert!(line.starts_with(PREFIX));
    assert!(line[PREFIX.len()..].bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'));
    assert_eq!(Invitation::read(&line).unwrap(), invitation());
}

#[test]
fn a_line_broken_by_pasting_is_read() {
    let line = invitation().line();
    let broken: String = line
        .chars()
        .enumerate()
        .flat_map(|(at, c)| if at % 60 == 59 { vec!['\r', '\n', ' ', c] } else { vec![c] })
        .collect();
    assert_eq!(Invitation::read(&format!("  {broken}\n")).unwrap(), invitation());
}

#[test]
fn any_changed_letter_is_noticed() {
    let line = invitation().line();
    for at in PREFIX.len()..line.len() {
        let mut letters = line.clone().into_bytes();
        letters[at] = if letters[at] == b'A' { b'B' } else { b'A' };
        assert!(Invitation::read(&String::from_utf8(letters).unwrap()).is_err(), "letter {at}");
    }
}

#[test]
fn a_line_cut_short_is_noticed() {
    let line = invitation().line();
    for end in 0..line.len() {
        assert!(Invitation::read(&line[..end]).is_err(), "cut at {end}");
    }
}

#[test]
fn what_is_no_invitation_is_refused_by_name() {
    assert_eq!(Invitation::read("https://example.ma"), Err(InvitationError::Prefix));
    assert_eq!(Invitation::read("multaqa:a+b/"), Err(InvitationError::Letters));
    assert_eq!(Invitation::read(&"x".repeat(MAX_LINE + 1)), Err(InvitationError::TooLong));
    assert_eq!(Invitation::read(&" ".repeat(3 * MAX_LINE)), Err(InvitationError::TooLong));
    assert_eq!(Invitation::read("multaqa:"), Err(InvitationError::Checksum));
}

#[test]
fn more_than_the_bounds_is_left_out_and_not_taken() {
    let address: Multiaddr = "/ip4/192.0.2.7/tcp/4480".parse().unwrap();
    let many = Invitation { addresses: vec![address; MAX_ADDRESSES + 1], ..invitation() };
    assert_eq!(Invitation::read(&many.line()).unwrap().addresses.len(), MAX_ADDRESSES);

    let content = Content {
        net: many.network,
        names: BTreeMap::new(),
        charter: many.charter,
        addresses: many.addresses.iter().map(ToString::to_string).collect(),
    };
    let mut bytes = codec::encode(&Value::from(&content).unwrap());
    let sum = sha256(&bytes);
    bytes.extend_from_slice(&sum[..CHECKSUM]);
    let line = format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(bytes));
    assert_eq!(Invitation::read(&line), Err(InvitationError::Parts));
}

#[test]
fn the_fullest_invitation_fits_into_its_bound() {
    let address: Multiaddr = format!("/dns4/{}.ma/tcp/4480", "n".repeat(140)).parse().unwrap();
    let names = ["ar", "en", "fr", "zgh"].map(|tag| own((tag, &"n".repeat(MAX_NAMES.1 - tag.len()))));
    let full = Invitation { addresses: vec![address; MAX_ADDRESSES], names: names.into(), ..invitation() };
    assert!(full.line().len() <= MAX_LINE);
    assert_eq!(Invitation::read(&full.line()).unwrap(), full);
}
