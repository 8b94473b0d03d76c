// SPDX-License-Identifier: Apache-2.0

//! Rust's serde_json, sonic-rs and rmp-serde on the same data: one process, the same lines as codec_bench prints.
//!
//! usage: codec_bench_rust OWN_DATA SHARED_DATA ROUNDS
//!
//! Each decode is compared with what sonic-rs decodes, and each encoding is read back, before anything is timed.

mod borrowed;
mod owned;

use std::hint::black_box;

use serde::{Deserialize, Serialize};

const BATCH_NS: f64 = 1e6;

#[repr(C)]
struct Timespec {
    seconds: i64,
    nanoseconds: i64,
}
extern "C" {
    fn clock_gettime(clock: i32, time: *mut Timespec) -> i32;
}
const CLOCK_THREAD_CPUTIME_ID: i32 = 3;

fn thread_cpu_ns() -> f64 {
    let mut time = Timespec { seconds: 0, nanoseconds: 0 };
    unsafe { clock_gettime(CLOCK_THREAD_CPUTIME_ID, &mut time) };
    time.seconds as f64 * 1e9 + time.nanoseconds as f64
}

/// One library, one format, one shape, one operation.
struct Row<'a> {
    library: &'static str,
    format: &'static str,
    operation: &'static str,
    shape: &'static str,
    bytes: usize,
    run: Box<dyn FnMut(usize) + 'a>,
    times: usize,
    best: f64,
}

impl Row<'_> {
    fn batch(&mut self) -> f64 {
        let begin = thread_cpu_ns();
        (self.run)(self.times);
        thread_cpu_ns() - begin
    }
    fn choose_times(&mut self) {
        loop {
            let ns = self.batch();
            if ns > BATCH_NS * 0.7 || self.times > 1_000_000 {
                return;
            }
            self.times = (self.times as f64 * (BATCH_NS / ns.max(1.0)).min(10.0)) as usize + 1;
        }
    }
    fn measure(&mut self) {
        self.best = self.best.min(self.batch() / self.times as f64);
    }
    fn print(&self) {
        println!(
            r#"{{"library":"{}","format":"{}","op":"{}","shape":"{}","bytes":{},"ns":{:.2}}}"#,
            self.library, self.format, self.operation, self.shape, self.bytes, self.best
        );
    }
}

fn row<'a>(
    names: (&'static str, &'static str, &'static str, &'static str),
    bytes: usize,
    run: impl FnMut(usize) + 'a,
) -> Row<'a> {
    let (library, format, operation, shape) = names;
    Row { library, format, operation, shape, bytes, run: Box::new(run), times: 1, best: f64::INFINITY }
}

/// serde_json reads some doubles one unit of the last place off, unless it is asked to be exact.
fn is_close(a: &serde_json::Value, b: &serde_json::Value) -> bool {
    use serde_json::Value::{Array, Number, Object};
    match (a, b) {
        (Number(a), Number(b)) => match (a.as_f64(), b.as_f64()) {
            (Some(a), Some(b)) => (a - b).abs() <= 1e-15 * a.abs(),
            _ => false,
        },
        (Array(a), Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| is_close(a, b)),
        (Object(a), Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| is_close(a, b)))
        }
        _ => a == b,
    }
}

fn decode_row<'a, T: Deserialize<'a> + Serialize + PartialEq + 'a>(
    library: &'static str,
    format: &'static str,
    shape: &'static str,
    input: &'a [u8],
    golden: &T,
    decode: impl Fn(&'a [u8]) -> T + 'a,
) -> Row<'a> {
    let decoded = decode(input);
    let value = |object: &T| serde_json::to_value(object).unwrap();
    assert!(
        decoded == *golden || (library.contains("serde_json") && is_close(&value(&decoded), &value(golden))),
        "{library} decodes something else in {shape}"
    );
    drop(decoded);
    row((library, format, "decode_fresh", shape), input.len(), move |times| {
        for _ in 0..times {
            black_box(decode(black_box(input)));
        }
    })
}

fn encode_row<'a, T: Serialize + 'a>(
    library: &'static str,
    format: &'static str,
    shape: &'static str,
    golden: &'a T,
    encode: impl Fn(&T, &mut Vec<u8>) + 'a,
) -> Row<'a> {
    let mut out = Vec::new();
    encode(golden, &mut out);
    row((library, format, "encode", shape), out.len(), move |times| {
        for _ in 0..times {
            out.clear();
            encode(black_box(golden), &mut out);
            black_box(&out);
        }
    })
}

fn to_msgpack<T: Serialize>(value: &T) -> Vec<u8> {
    let mut out = Vec::new();
    rmp_serde::encode::write_named(&mut out, value).unwrap();
    out
}

/// The rows of one shape: T owns its text, B borrows it. Both live until the end of the process.
fn add<T, B>(rows: &mut Vec<Vec<Row<'static>>>, shape: &'static str, text: &'static [u8])
where
    T: for<'a> Deserialize<'a> + Serialize + PartialEq + 'static,
    B: Deserialize<'static> + Serialize + PartialEq + 'static,
{
    let golden: &'static T = Box::leak(Box::new(sonic_rs::from_slice(text).unwrap()));
    let golden_borrowed: B = sonic_rs::from_slice(text).unwrap();
    let packed: &'static [u8] = to_msgpack(golden).leak();
    assert!(sonic_rs::from_slice::<T>(&sonic_rs::to_vec(golden).unwrap()).unwrap() == *golden);
    assert!(sonic_rs::from_slice::<T>(&serde_json::to_vec(golden).unwrap()).unwrap() == *golden);

    rows.push(vec![
        decode_row("rust serde_json", "json", shape, text, golden, |bytes| serde_json::from_slice::<T>(bytes).unwrap()),
        decode_row("rust sonic-rs", "json", shape, text, golden, |bytes| sonic_rs::from_slice::<T>(bytes).unwrap()),
        decode_row("rust rmp-serde", "msgpack", shape, packed, golden, |bytes| rmp_serde::from_slice::<T>(bytes).unwrap()),
        decode_row("rust serde_json, borrowed", "json", shape, text, &golden_borrowed, |bytes| {
            serde_json::from_slice::<B>(bytes).unwrap()
        }),
        decode_row("rust sonic-rs, borrowed", "json", shape, text, &golden_borrowed, |bytes| {
            sonic_rs::from_slice::<B>(bytes).unwrap()
        }),
        decode_row("rust rmp-serde, borrowed", "msgpack", shape, packed, &golden_borrowed, |bytes| {
            rmp_serde::from_slice::<B>(bytes).unwrap()
        }),
    ]);
    rows.push(vec![
        encode_row("rust serde_json", "json", shape, golden, |value, out| serde_json::to_writer(out, value).unwrap()),
        encode_row("rust sonic-rs", "json", shape, golden, |value, out| sonic_rs::to_writer(out, value).unwrap()),
        encode_row("rust rmp-serde", "msgpack", shape, golden, |value, out| {
            rmp_serde::encode::write_named(out, value).unwrap()
        }),
    ]);
}

fn read(folder: &str, name: &str) -> Option<&'static [u8]> {
    match std::fs::read(format!("{folder}/{name}")) {
        Ok(bytes) => Some(bytes.leak()),
        Err(_) => {
            eprintln!("left out: there is no {name} in {folder}");
            None
        }
    }
}

fn replace_protected(text: &[u8]) -> &'static [u8] {
    let text = std::str::from_utf8(text).unwrap().replace("\"protected\":", "\"protected_\":");
    text.into_bytes().leak()
}

fn print_peers() {
    for (library, format, leaves_out) in [
        ("serde_json", "json", "unknown keys, the last bit of doubles"),
        ("sonic-rs", "json", "unknown keys"),
        ("rmp-serde", "msgpack", "unknown keys"),
    ] {
        for (suffix, what) in [("", "owned structs"), (", borrowed", "Cow<str> into the input")] {
            println!(
                r#"{{"peer":"rust {library}{suffix}","format":"{format}","version":"{}","options":"{what}; serde derive, default","leaves_out":"{leaves_out}"}}"#,
                env!("CODEC_BENCH_CRATES")
            );
        }
    }
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let (own, shared) = (&arguments[1], &arguments[2]);
    let rounds: usize = arguments[3].parse().unwrap();
    let mut rows = Vec::new();
    if let Some(text) = read(own, "worker_message.json") {
        add::<owned::WorkerMsg, borrowed::WorkerMsg>(&mut rows, "a", text);
    }
    if let Some(text) = read(own, "cross_worker_update.json") {
        add::<owned::CrossUpdate, borrowed::CrossUpdate>(&mut rows, "b", text);
    }
    for (shape, name) in [("c", "snapshot_10k.json"), ("d", "snapshot_100k.json")] {
        if let Some(text) = read(own, name) {
            add::<owned::Snapshot, borrowed::Snapshot>(&mut rows, shape, text);
        }
    }
    if let Some(text) = read(shared, "twitter.json") {
        add::<owned::TwDoc, borrowed::TwDoc>(&mut rows, "twitter_full", replace_protected(text));
        add::<owned::TsDoc, borrowed::TsDoc>(&mut rows, "twitter_subset", text);
    }
    if let Some(text) = read(shared, "canada.json") {
        add::<owned::CaDoc, borrowed::CaDoc>(&mut rows, "canada", text);
    }
    if let Some(text) = read(shared, "citm_catalog.json") {
        add::<owned::CiDoc, borrowed::CiDoc>(&mut rows, "citm", text);
    }
    print_peers();
    rows.iter_mut().flatten().for_each(Row::choose_times);
    for round in 0..rounds {
        for group in &mut rows {
            let count = group.len();
            for i in 0..count {
                group[(i + round) % count].measure();
            }
        }
    }
    rows.iter().flatten().for_each(Row::print);
}
