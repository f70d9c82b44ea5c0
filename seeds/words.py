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
WORK = (
    ("Three customers, one question today: yes, the old seals fit the new housing.", "education"),
    ("We shipped the quiet pump today. I could hear the birds during the test run.", "motivation"),
    ("Learned more from one hour in the repair shop than from a week of slides.", "education"),
    ("Small thing I am proud of: our manual is now six pages shorter.", "information"),
    ("First day back on site with the team. Cake was involved.", "togetherness"),
    ("If you run a greenhouse: ask me about night pressure before you buy anything.", "education"),
    ("We got the spare part from Singapore to a farm in Norway in 41 hours.", "motivation"),
    ("A customer drew us her cellar on a napkin. It is now on our wall.", "entertainment"),
    ("Tidying the measuring lab. Found a manometer from 1961. It still works.", "entertainment"),
    ("We answer every complaint within a day this month. Keep us to it.", "information"),
)  # fmt: skip
PERSONAL = (
    ("Ran my first half marathon for the children's hospital. Knees: no comment.", "charityrun"),
    ("Our band plays the harbour festival on Saturday. I am the one with the tuba.", "gig"),
    ("The tomatoes survived. I take full credit.", "garden"),
    ("Forty volunteers, two tonnes of litter, one very clean river bank.", "cleanup"),
    ("My daughter beat me at chess in eleven moves.", "chess"),
    ("Baked 120 buns for the refugee centre's open day with the neighbours.", "baking"),
    ("Third winter of teaching people over seventy to use phones. I love it.", "volunteering"),
    ("Choir tonight: שלום, مرحبا, 今日は – we sing in nine languages now.", "choir"),
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
