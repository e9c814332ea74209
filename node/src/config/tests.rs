use std::fs;
use std::path::Path;

use super::*;

/// A value of every setting that is not its default, as a file has it and as a variable may.
const VALUES: [(&str, &str, &str); 13] = [
    ("listen", "[\"/ip4/127.0.0.1/tcp/1\"]", "/ip4/127.0.0.1/tcp/1,/ip4/127.0.0.1/udp/1/quic-v1"),
    ("external", "[\"/ip4/192.0.2.1/tcp/1\"]", "/ip4/192.0.2.1/tcp/2"),
    ("dial", "[\"/ip4/192.0.2.2/tcp/1\"]", "[\"/ip4/192.0.2.2/tcp/2\"]"),
    ("public", "\"127.0.0.1:9001\"", "127.0.0.1:9002"),
    ("office", "\"127.0.0.1:9003\"", "\"127.0.0.1:9004\""),
    ("names", "[\"open.settat.ma\"]", "open.settat.ma, data.settat.ma"),
    ("mdns", "false", "false"),
    ("relay", "true", "true"),
    ("upnp", "false", "false"),
    ("quota-mib", "512", "1024"),
    ("quotas-mib", "{ \"488f59c951b87f9b03a6b7ae463dc0e1520b1ccb2e19d57dbb6ba522df31fcf0\" = 4096 }", "{}"),
    ("deny", "[\"203.0.113.0/24\"]", "203.0.113.0/25,198.51.100.0/24"),
    ("digest", "{ hour = 7 }", "{ every = \"day\" }"),
];

fn read(text: &str) -> Result<File, ConfigError> {
    File::read(Path::new("config.toml"), text)
}

/// Returns the settings that a file with one line makes.
fn of_file(key: &str, value: &str) -> Given {
    read(&format!("{key} = {value}\n")).unwrap_or_else(|error| panic!("{error}")).given
}

/// Returns what the variable of a key says.
fn of_variable(key: &str, value: &str) -> Given {
    let name = variable(key);
    Given::from_variables(|asked| (asked == name).then(|| value.to_owned()))
        .unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn every_setting_is_a_flag_before_a_variable_before_the_file_before_the_default() {
    let tried: Vec<&str> = VALUES.iter().map(|(key, ..)| *key).collect();
    assert_eq!(keys().collect::<Vec<_>>(), tried, "a setting has no values to try, or they are out of order");
    let default = Settings::new(Given::default(), Given::default());
    for (key, in_file, in_variable) in VALUES {
        let file = read(&format!("# a comment\n{key} = {in_file}\n")).unwrap();
        let variables = of_variable(key, in_variable);
        let mut flags = Given::default();
        // As the flag, the default: it must stand before what differs from it.
        let value = toml::Table::try_from(&default).unwrap()[key].to_string();
        flags.set(key, &value).unwrap_or_else(|error| panic!("{key}: {error}"));
        let path = file.path.clone();
        let mut layers = Layers { flags, variables: variables.clone(), file: file.clone() };
        let source = |layers: &Layers| layers.sources().into_iter().find(|(name, _)| name == key).unwrap().1;

        assert_eq!(source(&layers), Source::Flag, "{key}");
        assert_eq!(layers.settings(), default, "{key}");
        layers.flags = Given::default();
        assert_eq!(source(&layers), Source::Variable { name: variable(key) });
        assert_eq!(layers.settings(), Settings::new(variables, Given::default()), "{key}");
        layers.variables = Given::default();
        assert_eq!(source(&layers), Source::File { path, line: 2 });
        assert_eq!(layers.settings(), Settings::new(Given::default(), file.given), "{key}");
        assert_ne!(layers.settings(), default, "{key}: the file says nothing new");
        layers.file = File::default();
        assert_eq!(source(&layers), Source::Default);
        assert_eq!(layers.settings(), default, "{key}");
    }
}

#[test]
fn a_text_is_read_as_the_file_has_it_or_plain() {
    for (key, plain, written) in [
        ("names", "open.settat.ma, data.settat.ma", "[\"open.settat.ma\", \"data.settat.ma\"]"),
        ("listen", "/ip4/127.0.0.1/tcp/1", "[\"/ip4/127.0.0.1/tcp/1\"]"),
        ("public", "[::1]:80", "\"[::1]:80\""),
        ("mdns", "true", "true"),
        ("quota-mib", "7", "7"),
        ("deny", "10.0.0.0/8", "[\"10.0.0.0/8\"]"),
    ] {
        assert_eq!(of_variable(key, plain), of_file(key, written), "{key}");
        assert_eq!(of_variable(key, written), of_file(key, written), "{key}");
    }
    assert_eq!(of_variable("names", ""), Given::default(), "an empty variable says nothing");
    assert_eq!(of_variable("names", "[]"), of_file("names", "[]"));
}

#[test]
fn a_text_that_is_no_value_is_refused_with_its_reason() {
    for (key, text, part) in [
        ("mdns", "perhaps", "boolean"),
        ("mdns", "true\nrelay = true", "boolean"),
        ("public", "localhost", "address"),
        ("quota-mib", "-1", "-1"),
        ("listen", "nowhere", "multiaddr"),
        ("dial", "[\"/ip4/127.0.0.1/tcp/1\"", ""),
        ("deny", "203.0.113.0/99", "IP"),
        ("names", "not a name!", "name"),
    ] {
        match Given::default().set(key, text) {
            Err(TextError::Value { key: named, reason }) => {
                assert_eq!(named, key);
                assert!(reason.to_lowercase().contains(&part.to_lowercase()), "{key} = {text}: {reason}");
            }
            other => panic!("{key} = {text}: {other:?}"),
        }
    }
    let error = Given::from_variables(|name| (name == "MULTAQA_RELAY").then(|| "1".to_owned())).unwrap_err();
    assert!(matches!(error, TextError::Value { key, .. } if key == "MULTAQA_RELAY"));
}

#[test]
fn an_absent_file_says_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(FILE);
    assert_eq!(File::load(&path).unwrap(), File { path, ..File::default() });
}

#[test]
fn addresses_are_lists_of_text() {
    let given = read("listen = [\"/ip4/0.0.0.0/tcp/4480\"]\ndial = []\n").unwrap().given;
    assert_eq!(given.listen.unwrap()[0].to_string(), "/ip4/0.0.0.0/tcp/4480");
    assert_eq!(given.dial, Some(Vec::new()));
}

#[test]
fn an_unknown_key_is_refused_with_its_line_and_the_nearest_one() {
    for (text, at, unknown, nearest) in [
        ("mdns = true\nrelais = true\n", 2, "relais", Some("relay")),
        ("\n\nquota_mib = 5\n", 3, "quota_mib", Some("quota-mib")),
        ("publik = 5\n", 1, "publik", Some("public")),
        ("xyzzy = 5\n", 1, "xyzzy", None),
    ] {
        match read(text) {
            Err(ConfigError::Unknown { line, key, near, .. }) => {
                assert_eq!((line, key.as_str(), near.as_deref()), (at, unknown, nearest), "{text}");
            }
            other => panic!("{text}: {other:?}"),
        }
    }
    let error = Given::default().set("nammes", "x").unwrap_err();
    assert_eq!(error, TextError::Unknown { key: "nammes".into(), near: Some("names".into()) });
}

#[test]
fn what_is_no_value_is_refused_with_its_line() {
    for (text, line, part) in [
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
    let path = dir.path().join(FILE);
    fs::write(&path, "#".repeat(size)).unwrap();
    assert!(matches!(File::load(&path), Err(ConfigError::TooLong { .. })));
}
