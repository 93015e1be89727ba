"""Makes exchange_pandas.dta and exchange_pandas.xlsx beside it: python3 make_exchange.py (pandas, openpyxl).

What tests/language/exchange.mt reads.
"""
import datetime

import pandas

frame = pandas.DataFrame(
    {
        "a": [0.1, None, 1e300],
        "txt": ["上海", "", "Zürich"],
        "longer": ["é" * 1200, "short", ""],
        "f": pandas.Categorical(["b", "a", None], categories=["b", "c", "a"]),
        "day": [datetime.datetime(2020, 2, 29), pandas.NaT, datetime.datetime(1959, 12, 31)],
        "small": pandas.array([1, 2, 3], dtype="int8"),
    }
)
frame.to_stata(
    "exchange_pandas.dta",
    write_index=False,
    version=118,
    convert_dates={"day": "td"},
    convert_strl=["longer"],
    variable_labels={"txt": "城市"},
)
frame.to_excel("exchange_pandas.xlsx", index=False, sheet_name="数据")
