use multaqa_protocol::id::{AuthorId, EntryId};
use tokio_util::compat::{Compat, TokioAsyncReadCompatExt};

use super::*;
use crate::attachment::tests::{lines, take as keep};

type End = Compat<tokio::io::DuplexStream>;

fn ends() -> (End, End) {
    let (asker, holder) = tokio::io::duplex(64 * 1024);
    (asker.compat(), holder.compat())
}

/// Gives a file as a node does, but goes away after so many bytes; tells from which chunk on it was asked for.
async fn hold(files: Attachments, mut stream: End, most: usize) -> u32 {
    let (hash, from) = asked(&mut stream).await.unwrap();
    let mut whole = futures::io::Cursor::new(Vec::new());
    send_file(&files, hash, from, &mut whole).await.unwrap();
    let mut whole = whole.into_inner();
    whole.truncate(most);
    stream.write_all(&whole).await.unwrap();
    from
}

#[tokio::test]
async fn what_a_peer_that_went_away_gave_is_not_fetched_twice() {
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (files, theirs) = (Attachments::open(here.path()).unwrap(), Attachments::open(there.path()).unwrap());
    let bytes = lines(3 * CHUNK + 100);
    let taken = keep(&theirs, &bytes, None);
    let wanted = Wanted {
        named: taken.named,
        name: "minutes".to_owned(),
        mime: taken.mime,
        record: EntryId([1; 32]),
        author: AuthorId([2; 32]),
    };
    let until = Instant::now() + FETCH;
    let mut half = None;
    // The list, two chunks, and a piece of the third.
    let (asker, holder) = ends();
    let most = 4 + 4 * 32 + 2 * (4 + CHUNK) + 1_000;
    let (cut, _) =
        tokio::join!(take(&files, &wanted, asker, &mut half, until), hold(theirs.clone(), holder, most));
    assert!(matches!(cut, Err(GiveError::Broken(_))), "{cut:?}");
    assert_eq!(half.as_ref().unwrap().arriving.at(), 2);
    // One that lies about the next chunk takes nothing away.
    let (asker, mut holder) = ends();
    let lie = async {
        let _ = asked(&mut holder).await.unwrap();
        let (list, _) = theirs.chunks(&taken.named.hash, 0).unwrap();
        send(&mut holder, &list).await.unwrap();
        send(&mut holder, &vec![b'x'; CHUNK]).await.unwrap();
    };
    let (lied, ()) = tokio::join!(take(&files, &wanted, asker, &mut half, until), lie);
    assert!(lied.unwrap_err().is_fault());
    let fetches = Fetches::new();
    fetches.keep(taken.named.hash, half.unwrap());
    let mut half = fetches.resume(&taken.named.hash);
    let (asker, holder) = ends();
    let (whole, from) = tokio::join!(
        take(&files, &wanted, asker, &mut half, until),
        hold(theirs.clone(), holder, usize::MAX)
    );
    whole.unwrap();
    assert_eq!(from, 2, "the rest alone is asked for");
    assert_eq!(std::fs::read(files.path(&taken.named.hash)).unwrap(), bytes);
}

#[test]
fn one_file_is_fetched_once_at_a_time() {
    let fetches = Fetches::new();
    let first = fetches.begin(Bytes32([1; 32])).unwrap();
    assert!(matches!(fetches.begin(Bytes32([1; 32])), Err(FetchError::OnItsWay)));
    let others: Vec<_> = (2..5).map(|number| fetches.begin(Bytes32([number; 32])).unwrap()).collect();
    assert!(matches!(fetches.begin(Bytes32([9; 32])), Err(FetchError::Busy)));
    drop((first, others));
    assert!(fetches.begin(Bytes32([1; 32])).is_ok());
}
