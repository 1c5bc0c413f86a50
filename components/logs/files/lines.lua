-- What every container line passes through. Keeps nothing between two lines: a killed agent has nothing to lose here.

-- The container runtime cuts a line at 16 KiB and says so in its tag, P for a piece that goes on and F for the last.
-- Pieces are stored as they come, each on a line of its own that ends in this sign, ASCII's unit separator: who reads
-- takes sign and line break away and has the line again, byte for byte.
local GOES_ON = "\31"

-- Fluent Bit's S3 output takes a NUL for the end of everything it is about to store, the lines after it included.
local REPLACEMENT = "\239\191\189"

local function text_of(record)
    local text = record["log"] or ""
    if string.find(text, "%z") then
        text = string.gsub(text, "%z", REPLACEMENT)
    end
    if record["logtag"] == "P" then
        text = text .. GOES_ON
    end
    return text
end

-- A line of a Spark container: its text, and its application where the pod's labels say it. Labels that belong to
-- another pod of the same name, as a retried driver's do, count as none.
function spark_line(tag, timestamp, record)
    local line = {log = text_of(record)}
    local pod = record["kubernetes"]
    local labels = pod and pod["labels"]
    if labels and pod["pod_id"] == string.match(tag, "^kube,[^,]+,[^,]+,([^,]+),") then
        local application, role = labels["spark-app-selector"], labels["spark-role"]
        if application and (role == "driver" or role == "executor") then
            line["application"], line["role"], line["pod"] = application, role, pod["pod_name"]
        end
    end
    return 2, timestamp, line
end

-- A line of any other container.
function system_line(tag, timestamp, record)
    local text = text_of(record)
    if text == record["log"] then
        return 0, timestamp, record
    end
    return 2, timestamp, {log = text}
end
