-- A header-like text out of small pieces, again and again.
local function line(n)
  local text = ""
  for i = 0, 39 do
    text = text .. "X-Field-" .. i .. ": value " .. n .. "; "
  end
  return #text
end

local total = 0
for n = 0, 499999 do
  total = total + line(n)
end
print(total)
