"""Asked for: "state", "failure" or "death"."""

asked += 1
print("asked")
if request == "failure":
    raise ValueError("Übergabe")
if request == "death":
    os.kill(os.getpid(), 9)
tell({"imported": imported_in, "forked": os.getpid() != imported_in, "asked": asked, "argument": json.loads(sys.argv[1])})
