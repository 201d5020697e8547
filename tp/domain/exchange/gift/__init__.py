"""The GIFT format of Moodle: documented at https://docs.moodle.org/en/GIFT_format.

Where the page is silent, Moodle's own importer decides; where its answer would silently be nonsense (two questions
without an empty line between them, a brace that is not escaped), the question is refused with its line instead.
"""

from tp.domain.exchange.gift.read import read_gift as read_gift
