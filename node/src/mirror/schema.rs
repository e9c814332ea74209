//! The form of the tables, and what is the same in every copy: codes of places and what codes are called.

use serde_json::json;
use tokio_postgres::Client;

use super::{MirrorError, insert};
use crate::{gazetteer, vocabulary};

/// The forms of the schema, in order: each is run once.
const MIGRATIONS: [&str; 1] = [include_str!("sql/0001.sql")];

/// Brings the schema to the last form that is known.
pub(super) async fn migrate(client: &mut Client) -> Result<(), MirrorError> {
    let transaction = client.transaction().await?;
    let has_any = "SELECT to_regclass('multaqa.migrations') IS NOT NULL";
    let found = if transaction.query_one(has_any, &[]).await?.get(0) {
        let row =
            transaction.query_one("SELECT coalesce(max(version), 0) FROM multaqa.migrations", &[]).await?;
        usize::try_from(row.get::<_, i32>(0)).unwrap_or_default()
    } else {
        0
    };
    if found > MIGRATIONS.len() {
        return Err(MirrorError::Newer { found, known: MIGRATIONS.len() });
    }
    for (at, sql) in MIGRATIONS.iter().enumerate().skip(found) {
        transaction.batch_execute(sql).await?;
        let version = i32::try_from(at + 1).unwrap_or(i32::MAX);
        transaction.execute("INSERT INTO multaqa.migrations (version) VALUES ($1)", &[&version]).await?;
    }
    Ok(transaction.commit().await?)
}

/// Writes the official codes and the labels, where those of the program are others.
pub(super) async fn label(client: &mut Client) -> Result<(), MirrorError> {
    let version = format!("{} {}", env!("CARGO_PKG_VERSION"), vocabulary::version());
    let transaction = client.transaction().await?;
    let known: String = transaction.query_one("SELECT labels FROM multaqa.mirror", &[]).await?.get(0);
    if known != version {
        transaction.batch_execute("DELETE FROM multaqa.places; DELETE FROM multaqa.labels").await?;
        let places = gazetteer::all().iter().map(|place| {
            json!({
                "code": place.code, "iso": place.iso, "level": place.level, "subtype": place.subtype,
                "name_ar": place.name_ar, "name_fr": place.name_fr, "parent": place.parent,
                "region": place.region, "population_2024": place.population,
            })
        });
        insert(&transaction, "places", places.collect()).await?;
        let labels = vocabulary::all().map(|(vocabulary, term)| {
            json!({
                "vocabulary": vocabulary, "code": term.code, "ar": term.ar, "fr": term.fr, "en": term.en,
                "ogp": term.ogp,
            })
        });
        insert(&transaction, "labels", labels.collect()).await?;
        transaction.execute("UPDATE multaqa.mirror SET labels = $1", &[&version]).await?;
    }
    Ok(transaction.commit().await?)
}
