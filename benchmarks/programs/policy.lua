-- As policy.vsl, line by line, over a table of headers by their lower-case names.
local headers = {}

local function has_header(name)
  return headers[name:lower()] ~= nil
end

local function get_header(name)
  local values = headers[name:lower()]
  return values and values[1] or ""
end

local function count_header(name)
  local values = headers[name:lower()]
  return values and #values or 0
end

local function contains(text, part)
  return text:find(part, 1, true) ~= nil
end

local function starts_with(text, part)
  return text:sub(1, #part) == part
end

local function ends_with(text, part)
  return text:sub(-#part) == part
end

local function policy()
  local score = 0
  local subject = get_header("Subject")
  local from = get_header("From")
  local to = get_header("To")
  local mailer = get_header("X-Mailer")
  local lower = subject:lower()
  if not has_header("Message-ID") then
    score = score + 3
  end
  if not has_header("Date") then
    score = score + 3
  end
  if not has_header("MIME-Version") then
    score = score + 1
  end
  if not has_header("Content-Type") then
    score = score + 1
  end
  if not has_header("Received") then
    score = score + 2
  end
  if has_header("X-Spam-Flag") then
    score = score + 5
  end
  if has_header("Precedence") then
    score = score + 1
  end
  if has_header("List-Id") then
    score = score + 1
  end
  if has_header("X-PHP-Originating-Script") then
    score = score + 4
  end
  if has_header("Auto-Submitted") then
    score = score + 1
  end
  if has_header("X-Priority") then
    score = score + 1
  end
  if has_header("X-Mailer") then
    score = score + 0
  end
  if has_header("X-Campaign") then
    score = score + 2
  end
  if has_header("List-Unsubscribe") then
    score = score + 1
  end
  if has_header("X-Mass") then
    score = score + 3
  end
  if has_header("Feedback-ID") then
    score = score + 1
  end
  if has_header("X-Bulk") then
    score = score + 2
  end
  if count_header("From") > 1 then
    score = score + 4
  end
  if count_header("Subject") > 1 then
    score = score + 4
  end
  if count_header("Date") > 1 then
    score = score + 4
  end
  if count_header("To") > 1 then
    score = score + 4
  end
  if count_header("Cc") > 1 then
    score = score + 4
  end
  if count_header("Message-ID") > 1 then
    score = score + 4
  end
  if contains(lower, "viagra") then
    score = score + 8
  end
  if contains(lower, "lottery") then
    score = score + 6
  end
  if contains(lower, "winner") then
    score = score + 3
  end
  if contains(lower, "invoice") then
    score = score + 1
  end
  if contains(lower, "urgent") then
    score = score + 2
  end
  if contains(lower, "free money") then
    score = score + 5
  end
  if contains(lower, "casino") then
    score = score + 4
  end
  if contains(lower, "click here") then
    score = score + 3
  end
  if contains(lower, "refund") then
    score = score + 2
  end
  if contains(lower, "crypto") then
    score = score + 2
  end
  if contains(lower, "password") then
    score = score + 2
  end
  if contains(lower, "verify your") then
    score = score + 3
  end
  if contains(lower, "account suspended") then
    score = score + 5
  end
  if contains(lower, "loan") then
    score = score + 2
  end
  if contains(lower, "pills") then
    score = score + 4
  end
  if contains(lower, "act now") then
    score = score + 3
  end
  if #subject > 200 then
    score = score + 2
  end
  if subject == "" then
    score = score + 2
  end
  if subject == subject:upper() then
    score = score + 2
  end
  if starts_with(lower, "re: re: re:") then
    score = score + 1
  end
  if ends_with(lower, "!!!") then
    score = score + 2
  end
  if ends_with(from, "@example.com>") then
    score = score + 1
  end
  if ends_with(from, "@mail.example>") then
    score = score - 1
  end
  if ends_with(from, "@spam.example>") then
    score = score + 1
  end
  if ends_with(from, "@bulk.example>") then
    score = score + 1
  end
  if contains(from, "no-reply@") or contains(from, "noreply@") then
    score = score + 1
  end
  if contains(to, "undisclosed") then
    score = score + 2
  end
  if starts_with(mailer, "The Bat!") or starts_with(mailer, "Outlook Express") then
    score = score + 2
  end
  local kind = get_header("Content-Type")
  if kind == "text/plain" then
    score = score - 1
  elseif kind == "text/html" then
    score = score + 1
  elseif kind == "multipart/mixed" then
    score = score + 2
  end
  local size = #get_header("Content-Length") + #get_header("Received")
  if size > 1000 then
    score = score + 2
  elseif size > 500 then
    score = score + 1
  end
  return score
end

for line in io.lines(arg[1]) do
  line = line:gsub("\r$", "")
  if line == "" then break end
  local name, value = line:match("^([^:]+):%s*(.*)$")
  local key = name:lower()
  headers[key] = headers[key] or {}
  table.insert(headers[key], value)
end

local total = 0
for _ = 1, 1200000 do
  total = total + policy()
end
print(total)
