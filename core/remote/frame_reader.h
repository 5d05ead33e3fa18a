// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "query/frame.h"
#include "remote/body_bytes.h"
#include "sources/metric_source.h"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tokenscope::remote {

/// Puts a reply of /api/v1/query or query_range into columns while it is parsed: nlohmann's SAX interface. A column has all
/// labels of its series, no name, and a value for every step of the range from its first one on.
///
/// Understood are vectors, matrices, scalars and strings; a matrix in the answer to one instant (a range selector) has the
/// times of its samples. A string becomes a column with that name and no values at all. Unknown keys are skipped; series and samples
/// of another shape are errors, so that nothing is silently left out.
class FrameReader : public nlohmann::json_sax<nlohmann::json> {
public:
    /// As many as an answer may have.
    static constexpr std::size_t max_values = 20'000'000;

    FrameReader(const sources::Range& range, BodyBytes& bytes);

    bool null() override { return value() && (where() == Where::series || misplaced()); }
    bool boolean(bool) override { return value() && misplaced(); }
    bool number_integer(number_integer_t number) override { return time(static_cast<double>(number)); }
    bool number_unsigned(number_unsigned_t number) override { return time(static_cast<double>(number)); }
    bool number_float(number_float_t number, const string_t&) override { return time(number); }
    bool string(string_t& text) override;
    bool binary(binary_t&) override { return value(); }
    bool start_object(std::size_t) override;
    bool key(string_t& text) override;
    bool end_object() override;
    bool start_array(std::size_t) override;
    bool end_array() override;
    bool parse_error(std::size_t position, const std::string& token, const nlohmann::detail::exception& error) override;

    /// After the parser has ended: the answer, or what is wrong with it. Errors have a message that continues "The answer of
    /// ... ", or the server's own "errorType: error" as detail and no message.
    Result<query::Frame> take(bool parsed);
    /// Of an error of the API: its type.
    const std::string& error_type() const { return m_error_type; }

private:
    enum class Where : std::uint8_t { root, data, result, series, metric, values, pair, warnings, skipped };

    Where where() const { return m_stack.back(); }
    bool value();
    bool enter(Where where);
    bool time(double seconds);
    bool sample(std::string_view text);
    bool put(double number);
    bool begin_column();
    bool wrong(std::string what);
    bool too_many();
    /// Of the series being read.
    bool wrong_series(std::string_view what);
    /// False, and why, where something of this shape has no place.
    bool misplaced();
    bool pair_complete();
    bool series_value() const;
    bool list_of_series() const { return m_type == "matrix" || m_type == "vector"; }
    void warn();
    void warn_of_duplicates();
    void join_raw_samples();
    bool placed(std::int64_t time);

    using RawSamples = std::vector<std::pair<std::int64_t, double>>;

    const sources::Range m_range;
    const std::size_t m_steps;
    BodyBytes& m_bytes;
    std::vector<Where> m_stack;
    std::string m_key;
    query::Frame m_frame;
    query::Labels m_labels; ///< of the series being read
    std::optional<std::size_t> m_column;
    std::size_t m_step = 0;
    std::optional<std::int64_t> m_time;
    std::vector<RawSamples> m_raw; ///< parallel to the columns, where the samples keep their times
    std::size_t m_values = 0;
    std::size_t m_series = 0;     ///< read so far, with the one being read
    std::size_t m_pair_items = 0; ///< of the pair being read
    bool m_on_range = false;      ///< some sample was in the range asked for
    bool m_outside = false;       ///< and some were not
    bool m_off_grid = false;
    bool m_native_histograms = false;
    bool m_has_result = false;
    std::string m_status, m_type, m_error_type, m_error_text;
    Error m_error{.code = ErrorCode::upstream_bad_reply};
};

} // namespace tokenscope::remote
