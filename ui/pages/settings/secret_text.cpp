// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/settings/secret_text.h"

#include "config/auth_values.h"
#include "pages/settings/setting_table.h"

#include <QRegularExpression>

#include <algorithm>
#include <charconv>

namespace tokenscope::ui {

namespace {

/// Shorter ones would be found in innocent words.
constexpr std::size_t shortestSearched = 6;
constexpr std::string_view hiddenBefore = "<hidden ";

void collect(const YamlTree& tree, const std::string& path, std::vector<std::pair<std::string, std::string>>& out)
{
    if (tree.kind == YamlTree::Kind::scalar && isSecretPath(path) && isPlainSecret(tree.text))
        out.emplace_back(path, tree.text);
    for (const auto& [name, value] : tree.fields)
        collect(value, childPath(path, name), out);
    for (std::size_t i = 0; i < tree.items.size(); ++i)
        collect(tree.items[i], itemPath(path, i), out);
}

} // namespace

QString SecretText::written() const
{
    switch (kind) {
    case Kind::none: return {};
    case Kind::environment: return scheme + QStringLiteral("${") + name + QLatin1Char('}');
    case Kind::keychain: return scheme + QStringLiteral("${keychain:") + name + QLatin1Char('}');
    case Kind::plain: break;
    }
    return plain;
}

SecretText readSecret(const QString& text)
{
    static const QRegularExpression reference(
        QStringLiteral(R"(^((?:Bearer|Basic) )?\$\{(keychain:)?([A-Za-z0-9._/@+-]+)\}$)"),
        QRegularExpression::CaseInsensitiveOption);
    if (text.isEmpty())
        return {};
    const auto match = reference.match(text);
    if (!match.hasMatch())
        return {.kind = SecretText::Kind::plain, .plain = text};
    return {.kind = match.captured(2).isEmpty() ? SecretText::Kind::environment : SecretText::Kind::keychain,
            .scheme = match.captured(1),
            .name = match.captured(3),
            .plain = {}};
}

bool isPlainSecret(std::string_view text)
{
    const auto kind = readSecret(QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()))).kind;
    return kind == SecretText::Kind::plain && !config::is_key_hash(text);
}

std::vector<std::pair<std::string, std::string>> plainSecrets(const YamlTree& tree)
{
    std::vector<std::pair<std::string, std::string>> out;
    collect(tree, {}, out);
    return out;
}

std::optional<std::string> hideSecrets(const std::string& text, std::vector<std::string>& values)
{
    auto document = config::Document::parse(text);
    if (!document)
        return std::nullopt;
    const auto wordFor = [&values](const std::string& value) {
        const auto found = std::find(values.begin(), values.end(), value);
        const auto place = found - values.begin();
        if (found == values.end())
            values.push_back(value);
        return std::string(hiddenBefore) + std::to_string(place + 1) + ">";
    };
    for (const auto& [path, value] : plainSecrets(readTree(*document))) {
        if (!document->set(path, wordFor(value)))
            return std::nullopt;
    }
    // A comment may still have one, e.g. a line that was put out of use.
    auto out = document->text();
    for (const auto& value : values) {
        if (value.size() < shortestSearched)
            continue;
        const auto word = wordFor(value);
        for (auto at = out.find(value); at != std::string::npos; at = out.find(value, at + word.size()))
            out.replace(at, value.size(), word);
    }
    return out;
}

std::optional<HiddenTexts> hideSecrets(const std::string& before, const std::string& after)
{
    std::vector<std::string> values;
    // Once to learn them all: what is a value in one may stand in a comment of the other.
    if (!hideSecrets(before, values) || !hideSecrets(after, values))
        return std::nullopt;
    return HiddenTexts{hideSecrets(before, values).value_or(""), hideSecrets(after, values).value_or("")};
}

Result<Revealed> revealSecrets(const std::string& hidden, const std::vector<std::string>& values)
{
    auto document = config::Document::parse(hidden);
    if (!document)
        return failure(document.error());
    Revealed out;
    const auto secrets = plainSecrets(readTree(*document));
    // From the end, so that an element that goes moves none that is still to come.
    for (auto secret = secrets.rbegin(); secret != secrets.rend(); ++secret) {
        const auto& [path, text] = *secret;
        if (!text.starts_with(hiddenBefore))
            continue;
        std::size_t place = 0;
        std::from_chars(text.data() + hiddenBefore.size(), text.data() + text.size(), place);
        const bool known = place >= 1 && place <= values.size();
        if (!known)
            out.lost.push_back(path);
        if (auto done = known ? document->set(path, values[place - 1]) : document->remove(path); !done)
            return failure(done.error());
    }
    out.text = document->text();
    return out;
}

} // namespace tokenscope::ui
