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
    elseif string.sub(text, -1) == GOES_ON then
        -- A line that ends in the sign by itself goes on too, with nothing: the reader finds it as it was.
        text = text .. GOES_ON .. "\n"
    end
    return text
end

-- Where the line of a Spark container goes, as the tag that it gets; nothing for every other container.
--
-- The namespace stands first. It comes from the path of the log, which the kubelet makes, so nothing that a pod says of
-- itself takes its lines to another team's place.
--
-- The pod's labels tell, whatever its container is called, and its sidecars go with it. Labels that belong to another
-- pod of the same name, as a retried driver's do, count as none. Without labels there is only the name that Spark gives
-- a container by itself.
local function destination(tag, pod)
    local namespace, name, uid, container = string.match(tag, "^kube,([^,]+),([^,]+),([^,]+),([^,]+),")
    local unlabelled = table.concat({"unlabelled", namespace, name, container}, ",")
    if not pod or pod["pod_id"] ~= uid then
        return string.find(container, "^spark%-kubernetes%-") and unlabelled or nil
    end
    local labels = pod["labels"] or {}
    local application, role = labels["spark-app-selector"], labels["spark-role"]
    if not application and not role then
        return nil
    end
    if string.find(application or "", "^spark%-[%w-]+$") and (role == "driver" or role == "executor") then
        return table.concat({"spark", namespace, application, role, name, container}, ",")
    end
    return unlabelled
end

-- A line of a container: its text, and where it goes.
function container_line(tag, timestamp, record)
    return 2, timestamp, {log = text_of(record), destination = destination(tag, record["kubernetes"])}
end
