-- Which of the recipients that come by are on a list of 10,000?
local vip = {}
for line in io.lines(arg[1]) do
  vip[line] = true
end

local hits = 0
for i = 0, 24999999 do
  if vip["user" .. i % 20000 .. "@example.com"] then
    hits = hits + 1
  end
end
print(hits)
