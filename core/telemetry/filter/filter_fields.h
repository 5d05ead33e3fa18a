// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "telemetry/request_record.h"

#include <array>
#include <optional>
#include <span>
#include <string_view>

namespace tokenscope::telemetry {

/// A name that can stand before the colon: what completion and the help list.
struct FilterField {
    enum class Kind {
        text,     ///< model:phi4, model:="phi4", model:qwen*
        choice,   ///< a text of which all values are known
        status,   ///< success, error, 429, 5xx, >=500
        flag,     ///< yes, no
        duration, ///< 500ms; numbers are nanoseconds
        count,    ///< 3k
        speed,    ///< tokens a second
        money,    ///< $0.01
        moment,   ///< 14:30
        age,      ///< before now
        since,    ///< a moment or an age
        presence  ///< the name of another field
    };

    std::string_view name;
    std::array<std::string_view, 2> aliases; ///< empty where there are fewer
    Kind kind = Kind::text;
    std::string_view example;                                        ///< a whole term
    std::string_view doc;                                            ///< what it is; no full stop
    std::string_view (*text)(const RequestRecord&) = nullptr;        ///< of text and choice; empty: absent
    std::optional<double> (*number)(const RequestRecord&) = nullptr; ///< of all that are numbers
};

/// All, in the order in which a person should meet them.
std::span<const FilterField> filter_fields();
/// By its name or an alias, in any case; null where there is none.
const FilterField* find_filter_field(std::string_view name);
/// Whether letters, in any case, are the beginning of a name or an alias; nothing is not.
bool begins_field_name(std::string_view letters);
/// Whether it takes several values at once: model:a,b is one of them.
bool takes_list(const FilterField& field);
/// The words that a field may have as its value, where they are known; empty for all others.
std::span<const std::string_view> filter_words(const FilterField& field);

/// What can be written besides a field and its value, for the help: an example and what it means.
struct FilterPhrase {
    std::string_view example;
    std::string_view doc;
};
std::span<const FilterPhrase> filter_phrases();

} // namespace tokenscope::telemetry
