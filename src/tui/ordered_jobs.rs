//! A thread that does one job after the other, off the drawing thread.

use super::{effect::AppEvent, event_sink::EventSink, message::StatusMessage};
use std::{
    sync::{
        Arc,
        mpsc::{Sender, channel},
    },
    thread,
};

type Job = Box<dyn FnOnce(&EventSink) + Send>;

/// A thread for jobs, started when first needed; their results arrive as events.
pub(super) struct OrderedJobs {
    name: &'static str,
    events: EventSink,
    jobs: Option<Sender<Job>>,
}

impl OrderedJobs {
    /// Jobs on a thread of this name.
    #[must_use]
    pub(super) fn new(name: &'static str, events: EventSink) -> Self {
        Self { name, events, jobs: None }
    }

    /// Queues a job.
    pub(super) fn submit(&mut self, job: impl FnOnce(&EventSink) + Send + 'static) {
        if self.jobs.is_none() {
            let (sender, received) = channel::<Job>();
            let events = Arc::clone(&self.events);
            let work = move || {
                for job in received {
                    job(&events);
                }
            };
            if let Err(error) = thread::Builder::new().name(self.name.into()).spawn(work) {
                (self.events)(AppEvent::Status(StatusMessage::error("cannot-save").with("reason", error)));
                return;
            }
            self.jobs = Some(sender);
        }
        let Some(jobs) = &self.jobs else { return };
        // The thread lives as long as the sender.
        let _ = jobs.send(Box::new(job));
    }
}
