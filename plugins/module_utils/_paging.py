# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lists that come in pages by offset."""

from __future__ import annotations


def read_pages(fetch, page_size, key, last_offset):
    """Yield the items of a list in the order in which the service gives them, each once.

    Pages follow each other until one is short: a service's own count may be that of a page. When new entries push
    others to a later page while reading, the repeated ones are left out; an entry whose place did not change is
    never missed. The next page is asked for only when its items are wanted.

    :arg fetch: takes offset and limit, returns a list of objects.
    :arg page_size: entries per request. :arg key: takes an item, returns its identity, or None for no identity.
    :arg last_offset: the largest offset the service accepts; reading ends behind it.
    """
    seen = set()
    for offset in range(0, last_offset + 1, page_size):
        page = fetch(offset, page_size)
        for item in page:
            identity = key(item)
            if identity is None or identity not in seen:
                seen.add(identity)
                yield item
        if len(page) < page_size:
            return
