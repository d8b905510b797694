"""Files that ship with the explorer's pages: styles and scripts."""
