# Copyright (c) 2026, huaweicloud.tasks contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The control URL: scenario, journal, faults, clock and state. Not signed, and not in the journal."""

from __future__ import annotations

from flask import Blueprint, jsonify, request


def control_blueprint(simulator):
    """Routes under /_control. A scenario or fault that is not understood is a 400 with the reason as text."""
    blueprint = Blueprint('control', __name__, url_prefix='/_control')

    @blueprint.errorhandler(ValueError)
    @blueprint.errorhandler(TypeError)
    @blueprint.errorhandler(KeyError)
    def not_understood(error):
        return f'{type(error).__name__}: {error}\n', 400

    @blueprint.post('/scenario')
    def load():
        simulator.load(request.get_json(force=True))
        return jsonify({})

    @blueprint.patch('/scenario')
    def merge():
        simulator.merge(request.get_json(force=True))
        return jsonify({})

    @blueprint.get('/journal')
    def journal():
        with simulator.lock:
            if request.args.get('summary'):
                return jsonify(simulator.journal.summary())
            return jsonify({'requests': simulator.journal.requests})

    @blueprint.delete('/journal')
    def clear_journal():
        with simulator.lock:
            simulator.journal.clear()
        return jsonify({})

    @blueprint.post('/faults')
    def set_faults():
        with simulator.lock:
            simulator.faults.set(request.get_json(force=True)['faults'])
        return jsonify({})

    @blueprint.delete('/faults')
    def clear_faults():
        with simulator.lock:
            simulator.faults.clear()
        return jsonify({})

    @blueprint.post('/clock')
    def move_clock():
        change = request.get_json(force=True)
        unknown = set(change) - {'advance', 'skew'}
        if unknown:
            raise ValueError('the clock knows advance and skew only')
        with simulator.lock:
            simulator.clock.advance(change.get('advance', 0))
            simulator.clock.skew = float(change.get('skew', simulator.clock.skew))
            return jsonify({'now': simulator.clock.time()})

    @blueprint.get('/state')
    def state():
        return jsonify(simulator.state)

    return blueprint
