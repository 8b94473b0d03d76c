# SPDX-License-Identifier: Apache-2.0
"""The differential test with the real msgspec: types, random rows, replay and verification."""
