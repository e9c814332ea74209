use super::*;

fn read(text: &str) -> Result<Given, ConfigError> {
    Given::read(Path::new("config.toml"), text)
}

#[test]
fn an_absent_file_says_nothing() {
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(Given::load(dir.path()).unwrap(), Given::default());
    let settings = Settings::new(Given::default(), Given::default());
    assert_eq!(settings.listen.len(), 4);
    assert!(settings.mdns && settings.upnp && !settings.relay);
}

#[test]
fn an_option_stands_before_the_file_and_the_file_before_the_default() {
    let file = read("relay = true\nmdns = false\npublic = \"127.0.0.1:9000\"\n").unwrap();
    let options = Given { mdns: Some(true), ..Given::default() };
    let settings = Settings::new(options.clone(), file.clone());
    assert!(settings.relay && settings.mdns && settings.upnp);
    assert_eq!(settings.public, "127.0.0.1:9000".parse().unwrap());
    let sources = sources(&options, &file);
    let of = |key: &str| sources.iter().find(|(name, _)| name == key).unwrap().1;
    assert_eq!([of("mdns"), of("relay"), of("upnp")], [Source::Option, Source::File, Source::Default]);
}

#[test]
fn addresses_are_lists_of_text() {
    let file = read("listen = [\"/ip4/0.0.0.0/tcp/4480\"]\ndial = []\n").unwrap();
    assert_eq!(file.listen.unwrap()[0].to_string(), "/ip4/0.0.0.0/tcp/4480");
    assert_eq!(file.dial, Some(Vec::new()));
}

#[test]
fn what_is_not_known_is_refused_with_its_line() {
    for (text, line, part) in [
        ("mdns = true\nrelais = true\n", 2, "relais"),
        ("# a comment\n\nlisten = \"/ip4/0.0.0.0/tcp/1\"\n", 3, "sequence"),
        ("listen = [\"nowhere\"]\n", 1, ""),
        ("relay = 1\n", 1, "boolean"),
        ("mdns = true\nmdns = true\n", 2, ""),
        ("public = \n", 1, ""),
    ] {
        match read(text) {
            Err(ConfigError::Content { line: at, reason, .. }) => {
                assert_eq!(at, line, "{text}: {reason}");
                assert!(reason.contains(part), "{text}: {reason}");
            }
            other => panic!("{text}: {other:?}"),
        }
    }
}

#[test]
fn a_file_without_end_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let size = usize::try_from(MAX_FILE).unwrap() + 1;
    fs::write(dir.path().join(FILE), "#".repeat(size)).unwrap();
    assert!(matches!(Given::load(dir.path()), Err(ConfigError::TooLong { .. })));
}
