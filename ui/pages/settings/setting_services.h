// SPDX-FileCopyrightText: 2026 The Tokenscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace tokenscope::ui {

class EditSession;
class SettingsStore;
class Theme;

/// What the parts of the form work with.
struct SettingServices {
    const Theme& theme;
    SettingsStore& store;
    EditSession& session;
};

} // namespace tokenscope::ui
