use super::*;

fn file(len: usize) -> Vec<u8> {
    (0..len).map(|at| u8::try_from(at % 251).unwrap()).collect()
}

fn sum(bytes: &[u8], piece: usize) -> (Named, Vec<u8>) {
    let mut summing = Summing::default();
    bytes.chunks(piece.max(1)).for_each(|piece| summing.update(piece));
    assert_eq!(summing.size(), bytes.len() as u64);
    summing.finish()
}

fn arrive(named: Named, list: Vec<u8>, bytes: &[u8]) -> Result<Vec<u8>, TransferError> {
    let mut arriving = Arriving::new(named, list)?;
    for chunk in bytes.chunks(CHUNK) {
        arriving.take(chunk)?;
    }
    arriving.finish()
}

#[test]
fn a_file_arrives_whole_however_it_was_summed() {
    for len in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK] {
        let bytes = file(len);
        let (named, list) = sum(&bytes, 1 << 16);
        assert_eq!((named, list.clone()), sum(&bytes, 7_919), "{len}");
        assert_eq!(named.hash, Bytes32(sha256(&bytes)));
        assert_eq!(list.len(), len.div_ceil(CHUNK) * 32);
        assert_eq!(arrive(named, list.clone(), &bytes), Ok(list), "{len}");
    }
}

#[test]
fn a_lie_shows_within_one_chunk() {
    let bytes = file(3 * CHUNK + 10);
    let (named, list) = sum(&bytes, CHUNK);
    let mut altered = bytes.clone();
    altered[CHUNK + 5] ^= 1;
    assert_eq!(arrive(named, list.clone(), &altered), Err(TransferError::Chunk { at: 1 }));
    // Another file with a list of its own.
    let (_, other) = sum(&altered, CHUNK);
    assert_eq!(arrive(named, other.clone(), &altered), Err(TransferError::List));
    // A record without a list leaves it to the end.
    let bare = Named { chunks: None, ..named };
    assert_eq!(arrive(bare, other, &altered), Err(TransferError::Hash));
    assert_eq!(arrive(bare, list.clone(), &bytes), Ok(list));
}

#[test]
fn a_file_of_another_length_is_refused() {
    assert_eq!(MAX_FILE, (MAX_CHUNKS * CHUNK) as u64);
    let bytes = file(CHUNK + 10);
    let (named, list) = sum(&bytes, CHUNK);
    assert_eq!(
        arrive(named, list.clone(), &bytes[..CHUNK]),
        Err(TransferError::Length { expected: 10, found: 0 })
    );
    assert_eq!(
        arrive(named, list.clone(), &bytes[..CHUNK + 9]),
        Err(TransferError::Length { expected: 10, found: 9 })
    );
    let mut arriving = Arriving::new(named, list.clone()).unwrap();
    bytes.chunks(CHUNK).for_each(|chunk| arriving.take(chunk).unwrap());
    assert_eq!(arriving.take(&[1]), Err(TransferError::Length { expected: 0, found: 1 }));
    assert_eq!(arriving.take(&[]), Err(TransferError::Length { expected: 0, found: 0 }));
    let longer = Named { size: named.size + CHUNK as u64, ..named };
    assert_eq!(Arriving::new(longer, list.clone()).err(), Some(TransferError::List));
    let huge = Named { size: MAX_FILE + 1, ..named };
    assert_eq!(Arriving::new(huge, list).err(), Some(TransferError::TooLarge { size: MAX_FILE + 1 }));
}
