//! Asking connected peers whom they know, and answering when they ask.

use libp2p::{PeerId, Stream};
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout};

use super::super::book::Told;
use super::super::exchange::{self, AnswerError};
use super::super::{ANSWERS, OPEN_TIMEOUT, PEERS_PROTOCOL};
use super::Task;
use crate::clock;

type Answer = (PeerId, Result<Vec<Told>, AnswerError>);

/// Answers on their way from the streams to the task.
pub(super) struct Answers {
    sender: mpsc::Sender<Answer>,
    receiver: mpsc::Receiver<Answer>,
}

impl Answers {
    pub(super) fn new() -> Self {
        let (sender, receiver) = mpsc::channel(ANSWERS);
        Self { sender, receiver }
    }

    pub(super) async fn next(&mut self) -> Option<Answer> {
        self.receiver.recv().await
    }
}

impl Task {
    /// Asks a peer whom it knows, if it was not asked before.
    pub(super) fn ask(&mut self, peer: PeerId, now: Instant) {
        if self.turns.get_mut(&peer).is_some_and(|turns| turns.begin(now)) {
            self.open_question(peer);
        }
    }

    /// Asks those again whose time has come.
    pub(super) fn ask_again(&mut self, now: Instant) {
        let due: Vec<PeerId> =
            self.turns.iter_mut().filter_map(|(peer, turns)| turns.again(now).then_some(*peer)).collect();
        due.into_iter().for_each(|peer| self.open_question(peer));
    }

    fn open_question(&self, peer: PeerId) {
        let (mut streams, sender) = (self.streams.clone(), self.answers.sender.clone());
        tokio::spawn(async move {
            let opened = timeout(OPEN_TIMEOUT, streams.open_stream(peer, PEERS_PROTOCOL)).await;
            // A peer that does not know the question, or has gone, is nobody's fault.
            let Ok(Ok(stream)) = opened else { return };
            let answer = exchange::ask(stream).await;
            // Beyond the bound an answer is dropped; there are others.
            let _ = sender.try_send((peer, answer));
        });
    }

    pub(super) fn on_answer(&mut self, peer: PeerId, answer: Result<Vec<Told>, AnswerError>) {
        match answer {
            Ok(told) => {
                if let Some(seen) = self.book.seen_at(&peer).cloned() {
                    tracing::debug!(%peer, count = told.len(), "a peer named others");
                    self.book.introduce(peer, &seen, told, Instant::now());
                }
            }
            Err(error) => {
                tracing::debug!(%peer, %error, "a peer gave no answer about others");
                if error.is_fault() {
                    let penalties = self.book.penalise(&peer);
                    self.score(peer, penalties);
                }
            }
        }
    }

    /// Answers a peer that asks, unless it asks too often: then the stream is reset.
    pub(super) fn tell(&mut self, peer: PeerId, stream: Stream) {
        let now = Instant::now();
        let in_turn = self.turns.get_mut(&peer).is_some_and(|turns| turns.answer(now));
        let Some(seen) = self.book.seen_at(&peer).filter(|_| in_turn) else { return };
        let bytes = exchange::encode(&self.book.tell(peer, seen, clock::now()));
        tokio::spawn(exchange::answer(stream, bytes));
    }
}
