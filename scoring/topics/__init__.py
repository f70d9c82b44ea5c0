"""Topics of posts: what the company's topics are, by which words a post has one, and who says so.

Law: only a topic of the company's list is one; a hashtag is a word that a list may know.
"""
