# SPDX-FileCopyrightText: 2026 The Tokenscope authors
# SPDX-License-Identifier: GPL-3.0-or-later
# How every target is built: one language level, one set of warnings, one precompiled header per layer.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE RelWithDebInfo)
endif()

# Flags of the whole build, not of single targets: objects built with and without a sanitizer must not mix.
if(TOKENSCOPE_SANITIZE STREQUAL "address")
  add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
elseif(TOKENSCOPE_SANITIZE STREQUAL "thread")
  add_compile_options(-fsanitize=thread -fno-omit-frame-pointer)
  add_link_options(-fsanitize=thread)
elseif(TOKENSCOPE_SANITIZE)
  message(FATAL_ERROR "TOKENSCOPE_SANITIZE must be empty, 'address' or 'thread', not '${TOKENSCOPE_SANITIZE}'")
endif()

add_library(tokenscope_options INTERFACE)
target_compile_features(tokenscope_options INTERFACE cxx_std_20)
# Two false alarms of an optimising GCC 12: the unset half of a std::optional, and the frames of Asio coroutines.
target_compile_options(tokenscope_options INTERFACE -Wall -Wextra "$<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized;-Wno-mismatched-new-delete>" -Wpedantic -Wshadow=local -Wnon-virtual-dtor
                       -Woverloaded-virtual -Wno-missing-field-initializers
                       $<$<BOOL:${TOKENSCOPE_WERROR}>:-Werror>)
target_compile_definitions(tokenscope_options INTERFACE
  BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION
  QT_NO_KEYWORDS QT_NO_CAST_FROM_ASCII QT_NO_CAST_TO_ASCII QT_NO_FOREACH QT_USE_QSTRINGBUILDER
  TOKENSCOPE_VERSION="${PROJECT_VERSION}")
target_include_directories(tokenscope_options INTERFACE "${PROJECT_SOURCE_DIR}")

# tokenscope_library(<folder> SOURCES ... [LINK ...] [PCH ...]) makes the target tokenscope::<folder> of the calling
# directory. Headers are included by their path from the top level's core/ or ui/, e.g. "base/result.h".
function(tokenscope_library folder)
  cmake_parse_arguments(arg "" "" "SOURCES;LINK;PCH" ${ARGN})
  set(target "tokenscope_${folder}")
  add_library(${target} STATIC ${arg_SOURCES})
  add_library(tokenscope::${folder} ALIAS ${target})
  target_include_directories(${target} PUBLIC "${CMAKE_CURRENT_SOURCE_DIR}/..")
  target_link_libraries(${target} PUBLIC tokenscope_options ${arg_LINK})
  if(arg_PCH)
    target_precompile_headers(${target} PRIVATE ${arg_PCH})
  endif()
endfunction()
