# SPDX-License-Identifier: Apache-2.0
"""What Python programs need to work with programs in C++ that use structwire: see structwire.messages."""
