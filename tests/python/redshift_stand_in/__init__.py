"""The stand-in of Redshift: that it acts as Redshift does."""
