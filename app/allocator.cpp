// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later

/// Read by jemalloc when the program starts: memory that has been free for a second goes back to the system, from a
/// thread of jemalloc's own, so that an idle program does so too.
extern "C" {
extern const char* malloc_conf;
const char* malloc_conf = "background_thread:true,dirty_decay_ms:1000,muzzy_decay_ms:0,narenas:4";
}
