print("workmap")
