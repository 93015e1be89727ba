#!/usr/bin/env python3
"""Makes staggered.csv: 60 towns, 12 years, a programme that starts in 2006, 2009 or never, and effects that grow.

    python3 make_staggered.py > staggered.csv
"""
import random

random.seed(20240601)
print("town,year,start,y,effect")
for town in range(1, 61):
    start = 2006 if town <= 27 else 2009 if town <= 54 else 0
    level = random.gauss(0, 1) + (0.5 if start == 2006 else 0)
    for year in range(2003, 2015):
        # The early towns gain 0.25 a year more, every year; the late ones 0.05.
        slope = 0.25 if start == 2006 else 0.05
        effect = slope * (year - start + 1) if start and year >= start else 0.0
        y = level + 0.08 * (year - 2003) + effect + random.gauss(0, 0.25)
        print(f"{town},{year},{start},{y:.5f},{effect:.2f}")
