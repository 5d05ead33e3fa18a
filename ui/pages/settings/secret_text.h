// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pages/settings/yaml_tree.h"

#include <QString>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tokenscope::ui {

/// How a secret is written: "${OPENAI_API_KEY}", "${keychain:openai}", or in the clear. A header's may have a scheme before it.
struct SecretText {
    enum class Kind { none, environment, keychain, plain };
    Kind kind = Kind::none;
    QString scheme; ///< "Bearer " or "Basic "; empty
    QString name;   ///< of the variable or the keychain's entry
    QString plain;  ///< never to be shown

    QString written() const;
};
SecretText readSecret(const QString& text);

/// Whether a secret's value must not be shown: it is neither a reference nor a hash.
bool isPlainSecret(std::string_view text);

/// Of a document, by their paths.
std::vector<std::pair<std::string, std::string>> plainSecrets(const YamlTree& tree);

/// The same text with other words for its secrets: one for each value, the same wherever it stands. `values` may know some already
/// and learns the others. Nothing for a text that cannot be read, since it cannot be said where its secrets are.
std::optional<std::string> hideSecrets(const std::string& text, std::vector<std::string>& values);

/// The same for two texts that are compared, by the same words.
struct HiddenTexts {
    std::string before;
    std::string after;
};
std::optional<HiddenTexts> hideSecrets(const std::string& before, const std::string& after);

/// Puts back what hideSecrets hid, by the values that it knew or learned: the text, and the paths of those that are not among them,
/// which are removed.
struct Revealed {
    std::string text;
    std::vector<std::string> lost;
};
Result<Revealed> revealSecrets(const std::string& hidden, const std::vector<std::string>& values);

} // namespace tokenscope::ui
