"""What people write: company stories, work, private joys, answers. All of it invented."""

from random import Random

# The hashtag by which people of the demo company say that they work there (design 8, disclosure).
DISCLOSURE_TAG = "TeamHaldenLys"

STORIES = (
    ("Our workshop in Bergen has put 10,000 pumps back to work.", "motivation"),
    ("A night shift in Rotterdam cut the water our test benches use by a third.", "information"),
    ("Six apprentices start with us today. Ask them anything.", "togetherness"),
    ("A short guide: what the label on a heat pump really tells you.", "education"),
    ("We measured it: the new bearing runs two years longer. The data are open.", "information"),
    ("For every valve returned we plant a metre of hedge behind the Lisbon office.", "inspiration"),
    ("What our service vans carry, and why there is always a kettle.", "entertainment"),
    ("We are looking for colleagues in Toronto who like to explain things.", "information"),
)  # fmt: skip
# Hundreds of people draw their own posts from these, so each is as short as a phrase that anybody may
# say: longer ones would be copied texts, which integrity holds (scoring/integrity).
WORK = (
    ("Three customers, one question: yes, the old seals fit.", "education"),
    ("We shipped the quiet pump. I could hear the birds.", "motivation"),
    ("Learned more in the repair shop than from any slides.", "education"),
    ("Proud of this: our manual is now six pages shorter.", "information"),
    ("First day back on site with the team. Cake was involved.", "togetherness"),
    ("You run a greenhouse? Ask me about night pressure first.", "education"),
    ("The spare part from Singapore reached Norway in 41 hours.", "motivation"),
    ("A customer drew us her cellar on a napkin.", "entertainment"),
    ("Tidying the lab. Found a manometer from 1961. Still works.", "entertainment"),
    ("We answer every complaint within a day this month.", "information"),
)  # fmt: skip
PERSONAL = (
    ("Half marathon for the children's hospital. Knees: no comment.", "charityrun"),
    ("Our band plays the harbour festival. I have the tuba.", "gig"),
    ("The tomatoes survived. I take full credit.", "garden"),
    ("Forty volunteers, two tonnes of litter, one very clean river bank.", "cleanup"),
    ("My daughter beat me at chess in eleven moves.", "chess"),
    ("Baked 120 buns for the refugee centre's open day.", "baking"),
    ("Third winter of teaching people over seventy to use phones.", "volunteering"),
    ("Choir tonight: שלום, مرحبا, 今日は – nine languages now.", "choir"),
)  # fmt: skip
ANSWERS = (
    "How long did that take you?", "Does it also fit the older model?", "This is lovely.",
    "Could you show the inside?", "We had the same problem last year!",
    "Who do I talk to for a quote?",
    "Congratulations to all of you.", "Honestly, that price again? 😅", "Where can I read more?",
    "Wie laut ist sie im Betrieb?", "C'est une très bonne idée.", "תודה על ההסבר",
    "شكراً على التوضيح",
    "参考になりました", "Can it run off a battery?", "I'd buy one for the cellar.",
)  # fmt: skip
REPLIES = (
    "Good question: yes, with the adapter.", "About two weeks, mostly waiting for paint.",
    "I'll send you the drawing.", "Thank you, I'll tell the team.", "Come by, I'll show you.",
    "The short answer is no, the long one is on our site.",
)  # fmt: skip
QUOTES = (
    "Worth a read.",
    "People who know what they do.",
    "This. 👇",
    "See what our colleague did:",
)


def story(rng: Random) -> tuple[str, tuple[str, ...]]:
    """A company story and its hashtags, topic among them."""
    text, topic = rng.choice(STORIES)
    return text, (topic,)


def own_post(rng: Random, personal: bool, disclosed: bool) -> tuple[str, tuple[str, ...]]:
    """An employee's own text and its hashtags; the disclosure among them if they added it."""
    text, topic = rng.choice(PERSONAL if personal else WORK)
    return text, (topic, DISCLOSURE_TAG) if disclosed else (topic,)
